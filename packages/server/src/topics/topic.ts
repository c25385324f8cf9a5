import type { Message, ServerSession } from '@everywire/protocol/internal';
import type { TopicListener } from '../wire-server.js';
import type { TopicClass, WireSession } from '../wire-session.js';

/** A session as seen by its topics. */
export interface TopicMember extends WireSession {
  readonly machine: ServerSession;
  /** The topics that the session has joined. */
  topics: readonly Topic[];
  /** Hint topics with dropped messages, which are reported when the session has room again (SN-23). */
  dropped: Set<string> | null;
}

/** Receivers of a topic other than sessions: raw links (SN-16), or clients of a gateway. */
export interface TopicAudience {
  deliver(message: Message, topicClass: TopicClass, except: number | undefined): void;
  /** Notifies the receivers that messages may be missing. */
  reset(): void;
}

/** Receives the joins and leaves of a topic. */
export interface TopicWatch {
  changed(member: TopicMember, present: boolean, info: unknown): void;
}

/** One topic with its members. It exists as long as it has a receiver. */
export interface Topic {
  readonly name: string;
  /** The members by their protocol machine, which is the only part that a publish needs. */
  readonly members: Map<ServerSession, TopicMember>;
  audiences: readonly TopicAudience[];
  /** The application's listener for messages of other nodes. */
  listener: TopicListener | null;
  /** The `info` of each `join` that had one. */
  infos: Map<TopicMember, unknown> | null;
  watch: TopicWatch | null;
}
