import type { FileRef, SearchPosition } from '@everywire/chat';
import type { Person } from './person.js';

/** A message of a thread, as a list shows it. */
export interface ThreadMessage {
  readonly sequence: number;
  readonly sender: Person;
  /** `null` if the message was recalled. */
  readonly text: string | null;
  readonly files: readonly FileRef[];
  readonly sentAt: number;
}

/** A thread that the user follows. `ChatClient.openThread(conversation, root)` opens it. */
export interface FollowedThreadView {
  readonly conversation: number;
  readonly root: number;
  /** The root message; `null` if it was sent before the user joined. */
  readonly message: ThreadMessage | null;
  readonly last: ThreadMessage;
  /** Number of replies that the user may see; `null` if `message` is `null`. */
  readonly replies: number | null;
  readonly unread: number;
  readonly mentions: number;
}

/** A page of followed threads. */
export interface FollowedThreads {
  /** The threads, the one with the newest reply first. */
  readonly threads: readonly FollowedThreadView[];
  /** Where to continue; `null` if there are no more. */
  readonly next: SearchPosition | null;
}
