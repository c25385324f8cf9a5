import type { CommitEvent, OwnEvent, ReceiptEvent } from './events.js';
import type { ConversationId, UserId } from './model.js';

/**
 * Who is to be told what once a change is committed (CH-17). A notice is a hint: it may be lost, and then `list` repairs it.
 *
 * - `users`: to each user's topic. They were read in the transaction, so nobody else hears of it.
 * - `members`: once, to the topic of a large conversation; each node picks its users by `commitAudience`.
 * - `watchers`: to the topic of those who have it open; each node picks its users by `receiptAudience`.
 */
export type Notice =
  | { readonly to: 'users'; readonly users: readonly UserId[]; readonly event: CommitEvent | OwnEvent }
  | { readonly to: 'members'; readonly conversation: ConversationId; readonly event: CommitEvent }
  | { readonly to: 'watchers'; readonly conversation: ConversationId; readonly event: ReceiptEvent };
