import type { Epoch, MembersNotice, ReceiptEvent, TypingEvent, UserId } from '@everywire/chat';

/** A message from one node to all others. */
export type NodeMessage =
  | HintMessage
  | PresenceMessage
  | { readonly about: 'presenceAsked' }
  | { readonly about: 'spent'; readonly spent: Spent }
  | { readonly about: 'visibility'; readonly change: VisibilityChange }
  | { readonly about: 'ended'; readonly ended: EndedAccess };

/** Hints (live events) for users. Each node selects those of its own users whom a hint concerns (CH-17). */
export type HintMessage =
  | { readonly about: 'commit'; readonly notice: MembersNotice }
  | { readonly about: 'receipts'; readonly receipts: readonly ReceiptEvent[] }
  /** The hint is for the users who were members at this point. */
  | { readonly about: 'typing'; readonly typing: TypingEvent; readonly at: MembersPoint };

/** A point in a conversation's membership history, as numbered by `Entry.membersAt`. */
export interface MembersPoint {
  readonly epoch: Epoch;
  readonly membersAt: number;
}

/** A token spent of a limit that all nodes count together (`SharedCounts`). */
export interface Spent {
  /** The limit's name. */
  readonly of: string;
  /** The hash of the key. */
  readonly key: string;
  /** 1 for a token that was spent, -1 for one that was given back. */
  readonly amount: 1 | -1;
}

/** A change after which users may see fewer others. */
export type VisibilityChange =
  | { readonly of: 'blocked'; readonly by: UserId; readonly user: UserId }
  /** The user left a conversation, or knows fewer users for another reason. */
  | { readonly of: 'left'; readonly who: UserId | 'everybody' };

/** The presence of a node's users, sent each second. */
export interface PresenceMessage {
  readonly about: 'presence';
  /** Identifies the node; unique among all processes, past ones included. */
  readonly node: string;
  /** Increments with each full report. */
  readonly round: number;
  /** Whether this is the last part of a full report, after which users missing from the round are offline. */
  readonly isWhole: boolean;
  /** Users who came online; in a full report, all users online. */
  readonly online: readonly UserId[];
  /** Users who are away. `lastSeenAt` is in milliseconds since the epoch. */
  readonly away: readonly (readonly [user: UserId, lastSeenAt: number])[];
}

/** Access that ended in the store, so that its sessions and requests must end on every node (SN-21). */
export type EndedAccess =
  | { readonly of: 'credentials'; readonly ids: readonly string[] }
  /** All access of a user, including sessions being opened. */
  | { readonly of: 'user'; readonly user: UserId }
  /** A user's tokens that a host application signed and dated until then (milliseconds since the epoch). */
  | { readonly of: 'signed'; readonly user: UserId; readonly until: number };
