import type { Epoch, MembersNotice, ReceiptEvent, TypingEvent, UserId } from '@everywire/chat';

/** What one node tells the others, once for all of them. */
export type NodeMessage =
  | HintMessage
  | PresenceMessage
  | { readonly about: 'presenceAsked' }
  | { readonly about: 'spent'; readonly spent: Spent }
  | { readonly about: 'sight'; readonly change: SightChange }
  | { readonly about: 'ended'; readonly ended: EndedAccess };

/** What its people are told: each node picks those of its own whom it concerns (CH-17). */
export type HintMessage =
  | { readonly about: 'commit'; readonly notice: MembersNotice }
  | { readonly about: 'receipts'; readonly receipts: readonly ReceiptEvent[] }
  /** For those who are members at that point. */
  | { readonly about: 'typing'; readonly typing: TypingEvent; readonly at: MembersPoint };

/** A change of who is in a conversation, by the number that `Entry.membersAt` gives it. */
export interface MembersPoint {
  readonly epoch: Epoch;
  readonly membersAt: number;
}

/** Of a limit that all nodes count together (`SharedCounts`). */
export interface Spent {
  /** The limit's name. */
  readonly of: string;
  readonly key: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Below 0: given back. */
  readonly amount: number;
}

/** By what people see fewer others than before. */
export type SightChange =
  | { readonly of: 'blocked'; readonly by: UserId; readonly user: UserId }
  /** Left a conversation, or knows somebody less for another reason. */
  | { readonly of: 'left'; readonly who: UserId | 'everybody' };

/** What a node tells of its people each second. */
export interface PresenceMessage {
  readonly about: 'presence';
  /** Which node: a name that no other process has or had. */
  readonly node: string;
  /** Grows each time it tells of all of them. */
  readonly round: number;
  /** The last part of all of them: who was not told in this round is not there. */
  readonly isWhole: boolean;
  /** Who has come, or in a telling of all: is there. */
  readonly online: readonly UserId[];
  /** Milliseconds since the epoch. */
  readonly away: readonly (readonly [user: UserId, lastSeenAt: number])[];
}

/** Whose access has ended in the store, so that their sessions and requests end on every node (SN-21). */
export type EndedAccess =
  | { readonly of: 'credentials'; readonly ids: readonly string[] }
  /** All of a person's, those that are being opened included. */
  | { readonly of: 'user'; readonly user: UserId }
  /** A person's tokens that a host application signed and dated until then, milliseconds since the epoch. */
  | { readonly of: 'signed'; readonly user: UserId; readonly until: number };
