import type { Message, ServerSession } from '@everywire/protocol/internal';
import type { TopicListener } from '../wire-server.js';
import type { TopicClass, WireSession } from '../wire-session.js';

/** What topics know of a session. */
export interface TopicMember extends WireSession {
  readonly machine: ServerSession;
  /** Those it is in. */
  topics: readonly Topic[];
  /** Hint topics of which messages were dropped while it was full, to be told when it no longer is (SN-23). */
  dropped: Set<string> | null;
}

/** Who hears a topic besides sessions: the raw links of one topic (SN-16), or a gateway's. */
export interface Audience {
  deliver(message: Message, topicClass: TopicClass, except: number | undefined): void;
  /** Publishes may have been missed. */
  reset(): void;
}

/** Who wants to know of those who come and go. */
export interface TopicWatch {
  changed(member: TopicMember, present: boolean, info: unknown): void;
}

/** Who is in one topic. It is there as long as somebody is. */
export interface Topic {
  readonly name: string;
  /** By their machine, which is all that a publish looks at. */
  readonly members: Map<ServerSession, TopicMember>;
  audiences: readonly Audience[];
  /** The application, where it listens to other nodes. */
  listener: TopicListener | null;
  /** What was given with `join`, of those who gave something. */
  infos: Map<TopicMember, unknown> | null;
  watch: TopicWatch | null;
}
