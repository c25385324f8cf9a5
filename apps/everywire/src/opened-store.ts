import type { Accounts, CommitHealth, FileRecords, Store } from '@everywire/chat';
import type { Logger } from '@everywire/chat-server';
import type { Config } from './settings.js';

/** A store with what the process asks and tells it besides. */
export interface OpenedStore {
  readonly store: Store & Accounts & FileRecords;
  readonly health: () => CommitHealth;
  readonly isDamaged: () => boolean;
  /** To be called where something else found the disk full. */
  readonly onDiskFull: () => void;
  /** Milliseconds since the epoch; `null` where it is not known. */
  readonly lastWrittenAt: number | null;
  readonly onClock: (now: () => number) => void;
}

export interface OpenStoreOptions {
  readonly config: Config;
  /** Whether the operator asked for a new place (`--new`). */
  readonly isNew: boolean;
  readonly log: Logger;
  readonly version: string;
}
