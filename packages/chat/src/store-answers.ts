import type { BytesMax } from './answer-bytes.js';
import type { Message, Version } from './message.js';
import type { ConversationId, Epoch, LogHead, MemberPlace, MessageName, Period, Role, UserId } from './model.js';
import type { SearchPosition } from './search.js';
import type { Entry, Receipt, ThreadEntry } from './views.js';
import type { InviteEntry, Outline } from './wire-invites.js';

/** The answer to `list`. */
export interface ListAnswer {
  /**
   * `changed`: the entries have changed since the cursor. `limited`: too many have; the client must discard entries
   * that are not included, but keeps rows. `reset`: the client must discard all entries and rows.
   */
  readonly outcome: 'changed' | 'limited' | 'reset';
  readonly epoch: Epoch;
  /**
   * The position up to which the client knows all changes. The client must send it back unchanged, and must not compare
   * it. It was read in the snapshot of these entries, or earlier. At most 64 characters.
   */
  readonly cursor: string;
  readonly entries: readonly Entry[];
  /**
   * With `changed`: there are more changes, so the client must call again immediately. With `limited` or `reset`: there
   * are older conversations, which `listPage` returns.
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
  /**
   * Where to continue; `null` at the end of the list. If not `null` and there are fewer entries than the limit, the
   * call has used up its budget of work.
   */
  readonly next: ListPosition | null;
}

/** The user is not a member. The answer is the same for a former member and for a user who never was one (CH-3). */
export interface NotMember {
  readonly outcome: 'not_member';
  readonly epoch: Epoch;
}

/** The client's copy of this conversation belongs to another history: it must drop the rows and page again (CH-25). */
export interface ConversationReset {
  readonly outcome: 'reset';
  readonly epoch: Epoch;
}

/** Where a page starts: at the end of the log, before or after a sequence (excluded), or around one. */
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
  /**
   * Limit of the bytes of all rows, see `BytesMax`. If exceeded, the rows nearest to the anchor are returned; around a
   * sequence, those on both sides.
   */
  readonly bytesMax?: BytesMax | undefined;
  /**
   * The last message that the client holds; `null` if it holds none. The answer is `reset` if the log does not contain
   * it (CH-26).
   */
  readonly check: MessageName | null;
  /**
   * Sequence of the root of a thread: the page contains only the root and its replies. `covers` refers to these, but is
   * in sequences of the log (CH-21).
   */
  readonly thread?: number;
}

/** A page of messages. */
export interface Page {
  readonly outcome: 'page';
  readonly epoch: Epoch;
  /**
   * The messages, by sequence. Messages that the member has hidden are omitted. As in every answer, `replies` is the
   * number of replies that the member may see (CH-21).
   */
  readonly rows: readonly Message[];
  /**
   * The range of sequences for which this page is complete, inclusive. A sequence in it without a row is invisible to
   * the member. Ranges outside the member's stays cost nothing and are covered as well. `null` if there is nothing in
   * this direction.
   */
  readonly covers: readonly [low: number, high: number] | null;
  /**
   * Sequences of this page that the storage cannot read, next to `covers` or to the anchor (CH-37). Absent if there are
   * none.
   */
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
      /**
       * The modification up to which the answer is complete: the last row's if there are more rows, otherwise the
       * head's.
       */
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
      /** Present if there are further rows, which exceeded the limit of bytes. */
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
  /**
   * The `hiddenAt` up to which the answer is complete: that of the last sequence if there are more, otherwise the
   * member's.
   */
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
  /** `creator`: the user who created the invitation; `null` if anyone may join. */
  | { readonly outcome: 'invitation'; readonly outline: Outline; readonly creator: UserId | null }
  | { readonly outcome: 'not_found' }
  | { readonly outcome: 'invite_ended' };

/** The stays of some users in a conversation. `membersAt`: the version of the member list at which they were read. */
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
