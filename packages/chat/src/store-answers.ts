import type { BytesMax } from './answer-bytes.js';
import type { Message, Version } from './message.js';
import type { ConversationId, Epoch, LogHead, MemberPlace, MessageName, Period, Role, UserId } from './model.js';
import type { SearchPosition } from './search.js';
import type { Entry, Receipt, ThreadEntry } from './views.js';
import type { InviteEntry, Outline } from './wire-invites.js';

/** The answer to `list`. */
export interface ListAnswer {
  /**
   * `reset`: the client must discard all entries and rows. `limited`: the client must discard entries that are not included; rows
   * stay.
   */
  readonly outcome: 'changed' | 'limited' | 'reset';
  readonly epoch: Epoch;
  /**
   * Opaque: the client must send it back unchanged and not compare it. Taken in the snapshot of these entries, or earlier. At
   * most 64 characters.
   */
  readonly cursor: string;
  readonly entries: readonly Entry[];
  /**
   * With `changed`: call again immediately. With `limited` or `reset`: there are older conversations, available by `listPage`.
   */
  readonly more: boolean;
}

/** Position of an entry in list order. */
export interface ListPosition {
  readonly place: MemberPlace;
  readonly activity: number;
  readonly conversation: ConversationId;
}

/** The answer to `listPage`. */
export interface ListPageAnswer {
  readonly epoch: Epoch;
  readonly entries: readonly Entry[];
  readonly more: boolean;
}

/** The answer to `findConversations`. */
export interface ConversationsAnswer {
  readonly epoch: Epoch;
  readonly entries: readonly Entry[];
  /** Where to continue; `null` at the end of the list. Fewer entries than the limit mean that the budget was used up. */
  readonly next: ListPosition | null;
}

/** The same answer for a former member and a stranger (CH-3). */
export interface NotMember {
  readonly outcome: 'not_member';
  readonly epoch: Epoch;
}

/** The client's copy of this conversation belongs to another history: it must drop the rows and page again (CH-25). */
export interface ConversationReset {
  readonly outcome: 'reset';
  readonly epoch: Epoch;
}

/** Where a page starts. */
export type PageAnchor =
  | { readonly at: 'end' }
  | { readonly at: 'before'; readonly sequence: number }
  | { readonly at: 'after'; readonly sequence: number }
  | { readonly at: 'around'; readonly sequence: number };

/** The request of a page. */
export interface PageRequest {
  readonly anchor: PageAnchor;
  /** Maximum visible sequences, 1 to `pageRowsMax`. */
  readonly limit: number;
  /** Like `BytesMax`: returns the rows next to the anchor; around a sequence, those on both sides. */
  readonly bytesMax?: BytesMax | undefined;
  /** The last message that the client holds; `reset` if the log does not contain it (CH-26). */
  readonly check: MessageName | null;
  /** Sequence of a root: the page contains only it and its replies, and `covers` refers to those, still in sequences (CH-21). */
  readonly thread?: number;
}

/** A page of messages. */
export interface Page {
  readonly outcome: 'page';
  readonly epoch: Epoch;
  /**
   * By sequence, without messages that the member has hidden, and with `replies` as the member may see them (CH-21), as in every
   * answer.
   */
  readonly rows: readonly Message[];
  /**
   * The range that this page covers, inclusive; a covered sequence without a row is invisible. Ranges outside the user's stays
   * cost nothing and are covered as well. `null` if there is nothing in this direction.
   */
  readonly covers: readonly [low: number, high: number] | null;
  /** CH-37: unreadable sequences of this page, next to `covers` or to the anchor. Absent if there are none. */
  readonly damaged?: readonly (readonly [low: number, high: number])[];
  readonly head: LogHead;
  readonly hiddenAt: number;
}

/** The answer to `page`. */
export type PageAnswer = Page | NotMember | ConversationReset;

/** The answer to `changes`. */
export type ChangesAnswer =
  | {
      readonly outcome: 'changes';
      readonly epoch: Epoch;
      readonly since: number;
      readonly rows: readonly Message[];
      /** The last row's modification if there are more, otherwise the head's. */
      readonly to: number;
      readonly more: boolean;
    }
  | NotMember
  | ConversationReset;

/** The answer to `messages` and `pins`. */
export type MessagesAnswer =
  | {
      readonly outcome: 'messages';
      readonly epoch: Epoch;
      readonly rows: readonly Message[];
      readonly head: LogHead;
      readonly hiddenAt: number;
      /** Present if further rows exceeded the requested bytes. */
      readonly more?: true;
    }
  | NotMember;

/** Earlier texts of one message, the newest first. Empty for a message that was recalled or never edited. */
export interface VersionsAnswer {
  readonly outcome: 'versions';
  readonly epoch: Epoch;
  readonly versions: readonly Pick<Version, 'modification' | 'body' | 'at'>[];
  readonly more: boolean;
}

/** The messages that a member hid with a `hiddenAt` above `since`. */
export interface HiddenAnswer {
  readonly outcome: 'hidden';
  readonly epoch: Epoch;
  readonly since: number;
  readonly sequences: readonly number[];
  /** The `hiddenAt` of the last one if there are more, otherwise the member's. */
  readonly to: number;
  readonly more: boolean;
}

/** The answer to `members`. */
export type MembersAnswer =
  | {
      readonly outcome: 'members';
      readonly epoch: Epoch;
      readonly membersAt: number;
      readonly members: readonly { readonly user: UserId; readonly role: Role }[];
      readonly more: boolean;
    }
  | NotMember;

/** The answer to `invites`. */
export type InvitesAnswer =
  | { readonly outcome: 'invites'; readonly epoch: Epoch; readonly invites: readonly InviteEntry[] }
  | { readonly outcome: 'denied'; readonly epoch: Epoch }
  | NotMember;

/** The answer to `invitation`. */
export type InvitationAnswer =
  /** `creator` is the invitation's creator; `null` if anyone may join. */
  | { readonly outcome: 'invitation'; readonly outline: Outline; readonly creator: UserId | null }
  | { readonly outcome: 'not_found' }
  | { readonly outcome: 'invite_ended' };

/** The stays of some users in a conversation, at the version `membersAt`. */
export interface PeriodsView {
  readonly epoch: Epoch;
  readonly membersAt: number;
  readonly periods: ReadonlyMap<UserId, readonly Period[]>;
}

/** The answer to `readers`. */
export type ReadersAnswer =
  | {
      readonly outcome: 'receipts';
      readonly epoch: Epoch;
      readonly membersAt: number;
      readonly receipts: readonly Receipt[];
    }
  | { readonly outcome: 'count'; readonly epoch: Epoch; readonly count: number }
  | { readonly outcome: 'not_found'; readonly epoch: Epoch }
  | NotMember;

/** Like `ThreadRow`, with the messages in stored form. */
export interface FollowedThreadAnswer extends ThreadEntry {
  readonly conversation: ConversationId;
  readonly message: Message | null;
  readonly last: Message;
}

/** The answer to `threads`. */
export interface ThreadsAnswer {
  readonly epoch: Epoch;
  readonly threads: readonly FollowedThreadAnswer[];
  readonly next: SearchPosition | null;
}
