import type { CommitEvent, OwnEvent, ReceiptEvent } from './events.js';
import type { ConversationId, UserId } from './model.js';

/**
 * Who is to be told what once a change is committed (CH-17). A notice is a hint: it may be lost, and then `list` repairs it.
 *
 * - `users`: to each user's topic. They were read in the transaction, so nobody else hears of it.
 * - `members`: once to each node, which picks its users by `commitAudience`.
 * - `watchers`: once to each node, which picks those of its users who have it open by `receiptAudience`.
 */
export type Notice =
  | { readonly to: 'users'; readonly users: readonly UserId[]; readonly event: CommitEvent | OwnEvent }
  | MembersNotice
  | { readonly to: 'watchers'; readonly conversation: ConversationId; readonly event: ReceiptEvent };

/** Of a large conversation. `membersBefore` is its `membersAt` before the commit: a view of that age is brought up to date by the event alone. */
export interface MembersNotice {
  readonly to: 'members';
  readonly conversation: ConversationId;
  readonly membersBefore: number;
  readonly event: CommitEvent;
}
