import type { BytesMax } from './answer-bytes.js';
import type { Message, Version } from './message.js';
import type { ConversationId, Epoch, Head, MemberPlace, MessageName, Period, Role, UserId } from './model.js';
import type { SearchPosition } from './search.js';
import type { Entry, Receipt, ThreadEntry } from './views.js';
import type { InviteEntry, Outline } from './wire-invites.js';

export interface ListAnswer {
  /** `reset`: all entries and rows held so far are of no use. `limited`: all entries not given become unknown; rows stay. */
  readonly outcome: 'changed' | 'limited' | 'reset';
  readonly epoch: Epoch;
  /** Opaque; only ever given back, never compared. Taken in the snapshot of these entries, or before it. At most 64 characters. */
  readonly cursor: string;
  readonly entries: readonly Entry[];
  /** `changed`: call again at once. `limited`, `reset`: older conversations exist, to be had by `listPage`. */
  readonly more: boolean;
}

export interface ListPosition {
  readonly place: MemberPlace;
  readonly activity: number;
  readonly conversation: ConversationId;
}

export interface ListPageAnswer {
  readonly epoch: Epoch;
  readonly entries: readonly Entry[];
  readonly more: boolean;
}

export interface ConversationsAnswer {
  readonly epoch: Epoch;
  readonly entries: readonly Entry[];
  /** How far the list was looked through: go on from here. `null`: to its end. With fewer entries than wanted, the budget was used up. */
  readonly next: ListPosition | null;
}

/** The former member and the stranger are answered alike (CH-3). */
export interface NotMember {
  readonly outcome: 'not_member';
  readonly epoch: Epoch;
}

/** What the client holds of this conversation is of another history: drop its rows and page again (CH-25). */
export interface ConversationReset {
  readonly outcome: 'reset';
  readonly epoch: Epoch;
}

export type PageAnchor =
  | { readonly at: 'end' }
  | { readonly at: 'before'; readonly sequence: number }
  | { readonly at: 'after'; readonly sequence: number }
  | { readonly at: 'around'; readonly sequence: number };

export interface PageRequest {
  readonly anchor: PageAnchor;
  /** Visible sequences, 1 to `pageRowsMax`. */
  readonly limit: number;
  /** As `BytesMax`: the rows next to the anchor are given, around a sequence those on both sides of it. */
  readonly bytesMax?: BytesMax | undefined;
  /** The last message held: `reset` if the log does not know it so (CH-26). */
  readonly check: MessageName | null;
  /** Sequence of a root: the page is of it and its replies alone, and so is `covers`, still in sequences (CH-21). */
  readonly thread?: number;
}

export interface Page {
  readonly outcome: 'page';
  readonly epoch: Epoch;
  /** By sequence; without what the member has hidden, and with `replies` as the member may see them (CH-21), as in every answer. */
  readonly rows: readonly Message[];
  /**
   * The sequences this page answers for, both ends included; a sequence covered and absent is invisible. Spans that
   * the user never was a member in cost nothing and are covered at once. `null` when nothing lies that way.
   */
  readonly covers: readonly [low: number, high: number] | null;
  /** CH-37: sequences that this page was to read and that the storage cannot give back, next to `covers` or to the anchor. Absent: none. */
  readonly damaged?: readonly (readonly [low: number, high: number])[];
  readonly head: Head;
  readonly hiddenAt: number;
}

export type PageAnswer = Page | NotMember | ConversationReset;

export type ChangesAnswer =
  | {
      readonly outcome: 'changes';
      readonly epoch: Epoch;
      readonly since: number;
      readonly rows: readonly Message[];
      /** The last row's modification while there is more, else the head's. */
      readonly to: number;
      readonly more: boolean;
    }
  | NotMember
  | ConversationReset;

export type MessagesAnswer =
  | {
      readonly outcome: 'messages';
      readonly epoch: Epoch;
      readonly rows: readonly Message[];
      readonly head: Head;
      readonly hiddenAt: number;
      /** Further rows did not fit into the bytes that were asked for. Absent: none. */
      readonly more?: true;
    }
  | NotMember;

/** Earlier texts of one message, the newest first. A recalled message, and one that was never edited, has none. */
export interface VersionsAnswer {
  readonly outcome: 'versions';
  readonly epoch: Epoch;
  readonly versions: readonly Pick<Version, 'modification' | 'body' | 'at'>[];
  readonly more: boolean;
}

/** What a member hid with a `hiddenAt` above `since`. */
export interface HiddenAnswer {
  readonly outcome: 'hidden';
  readonly epoch: Epoch;
  readonly since: number;
  readonly sequences: readonly number[];
  /** Of the last one while there is more, else the member's `hiddenAt`. */
  readonly to: number;
  readonly more: boolean;
}

export type MembersAnswer =
  | {
      readonly outcome: 'members';
      readonly epoch: Epoch;
      readonly membersAt: number;
      readonly members: readonly { readonly user: UserId; readonly role: Role }[];
      readonly more: boolean;
    }
  | NotMember;

export type InvitesAnswer =
  | { readonly outcome: 'invites'; readonly epoch: Epoch; readonly invites: readonly InviteEntry[] }
  | { readonly outcome: 'denied'; readonly epoch: Epoch }
  | NotMember;

export type InvitationAnswer =
  /** `creator`: whose invitation it is; `null` where anyone may join. */
  | { readonly outcome: 'invitation'; readonly outline: Outline; readonly creator: UserId | null }
  | { readonly outcome: 'not_found' }
  | { readonly outcome: 'invite_ended' };

export interface PeriodsView {
  readonly epoch: Epoch;
  readonly membersAt: number;
  readonly periods: ReadonlyMap<UserId, readonly Period[]>;
}

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

/** As `ThreadRow`, with the messages as they are kept. */
export interface FollowedThreadAnswer extends ThreadEntry {
  readonly conversation: ConversationId;
  readonly message: Message | null;
  readonly last: Message;
}

export interface ThreadsAnswer {
  readonly epoch: Epoch;
  readonly threads: readonly FollowedThreadAnswer[];
  readonly next: SearchPosition | null;
}
