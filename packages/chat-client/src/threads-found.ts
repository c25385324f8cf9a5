import type { FileRef, SearchPosition } from '@everywire/chat';
import type { Person } from './person.js';

/** A message of a thread, as a list shows it. */
export interface ThreadMessage {
  readonly sequence: number;
  readonly sender: Person;
  /** `null`: recalled. */
  readonly text: string | null;
  readonly files: readonly FileRef[];
  readonly sentAt: number;
}

/** A thread that one follows; `openThread(conversation, root)` opens it. */
export interface FollowedThread {
  readonly conversation: number;
  readonly root: number;
  /** The root; `null` where this person may not see it, because it was said before they came. */
  readonly message: ThreadMessage | null;
  readonly last: ThreadMessage;
  /** Replies that this person may see; `null` with the root. */
  readonly replies: number | null;
  readonly unread: number;
  readonly mentions: number;
}

export interface FollowedThreads {
  /** The one with the newest reply first. */
  readonly threads: readonly FollowedThread[];
  /** Where to go on; `null`: there are no more. */
  readonly next: SearchPosition | null;
}
