import type { Accounts, FileRecords, Store } from '@everywire/chat';
import type { Broker, FlashPolicy, ServerLimits } from '@everywire/server';
import type { InFlightRequests } from './in-flight-requests.js';
import type { ChatServerLimits } from './limits.js';
import type { Logger } from './logger.js';
import type { SharedCounts } from './shared-counts.js';
import type { Caller } from './sign-in.js';

/** Dependencies of a node's sessions. */
export interface SessionHostOptions {
  readonly store: Store;
  readonly accounts: Accounts;
  /** `null` if files are disabled. */
  readonly files: FileRecords | null;
  /** Deletes files that no message carries any more; not called before `eraseDeleted`. */
  readonly sweepFiles: () => Promise<void>;
  /** Requests in progress, which end with their access like sessions. */
  readonly requests: Pick<InFlightRequests, 'endCredentials' | 'endUser' | 'endSigned'>;
  /** Receives what other nodes spent. */
  readonly counts: Pick<SharedCounts, 'receive'>;
  readonly authenticate: (token: string | undefined) => Promise<Caller | null>;
  readonly limits: ChatServerLimits;
  readonly log: Logger;
  readonly wallNow: () => number;
  /** Returns the time by which sign-ins are judged unused. */
  readonly usedNow: () => number;
  readonly wire: {
    readonly path?: string;
    readonly origins?: readonly string[];
    readonly jsonp?: boolean;
    readonly limits?: Partial<ServerLimits>;
    readonly flashPolicy?: FlashPolicy;
    readonly trustedProxies: readonly string[];
  };
  readonly broker?: Broker;
}
