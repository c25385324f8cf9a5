import type { Accounts, CommitHealth, FileRecords, Store } from '@everywire/chat';
import type { Logger } from '@everywire/chat-server';
import type { Config } from './settings.js';

/** A store with the further operations that the process needs. */
export interface OpenedStore {
  readonly store: Store & Accounts & FileRecords;
  readonly health: () => CommitHealth;
  readonly isDamaged: () => boolean;
  /** The caller must call this when another component finds the disk full. */
  readonly onDiskFull: () => void;
  /** The time of the last write, ms since the epoch; `null` if unknown. */
  readonly lastWrittenAt: number | null;
  readonly onClock: (now: () => number) => void;
}

/** What is needed to open the store that the settings name. */
export interface OpenStoreOptions {
  readonly config: Config;
  /** Whether the operator requested a new store (`--new`). */
  readonly isNew: boolean;
  readonly log: Logger;
  readonly version: string;
}
