import type { Accounts, FileRecords, Store } from '@everywire/chat';
import type { Broker, FlashPolicy, ServerLimits } from '@everywire/server';
import type { LastingRequests } from './lasting-requests.js';
import type { ChatServerLimits } from './limits.js';
import type { Log } from './log.js';
import type { SharedCounts } from './shared-counts.js';
import type { Caller } from './sign-in.js';

/** What the sessions of a node are built on. */
export interface SessionHostOptions {
  readonly store: Store;
  readonly accounts: Accounts;
  /** `null`: nothing can be attached. */
  readonly files: FileRecords | null;
  /** Deletes files that nobody needs any more; not asked before `eraseDeleted` is. */
  readonly sweepFiles: () => Promise<void>;
  /** Ends with their access, like the sessions. */
  readonly requests: Pick<LastingRequests, 'endCredentials' | 'endUser' | 'endSigned'>;
  /** Hears what other nodes spent. */
  readonly counts: Pick<SharedCounts, 'hear'>;
  readonly authenticate: (token: string | undefined) => Promise<Caller | null>;
  readonly limits: ChatServerLimits;
  readonly log: Log;
  readonly wallNow: () => number;
  /** As of when sign-ins are judged unused. */
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
