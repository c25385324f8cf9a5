import type { ServerSession } from '@everywire/protocol/internal';

/** What topics know of a session. */
export interface TopicMember {
  readonly serial: number;
  readonly machine: ServerSession;
  /** Those it is in. */
  topics: readonly Topic[];
  /** Hint topics of which messages were dropped while it was full, to be told when it no longer is (SN-23). */
  dropped: Set<string> | null;
}

/** Who is in one topic. */
export interface Topic {
  readonly name: string;
  readonly members: Set<TopicMember>;
}
