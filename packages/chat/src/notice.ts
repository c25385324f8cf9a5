import type { CommitEvent, OwnEvent, ReceiptEvent } from './events.js';
import type { ConversationId, UserId } from './model.js';

/**
 * The receivers and content of a hint after a commit (CH-17). A hint may be lost; `list` then repairs it.
 *
 * - `users`: to each user's topic. The users were read in the transaction, so no other user receives it.
 * - `members`: once to each node, which selects its users by `commitAudience`.
 * - `watchers`: once to each node, which selects its watching users by `receiptAudience`.
 */
export type Notice =
  | { readonly to: 'users'; readonly users: readonly UserId[]; readonly event: CommitEvent | OwnEvent }
  | MembersNotice
  | { readonly to: 'watchers'; readonly conversation: ConversationId; readonly event: ReceiptEvent };

/**
 * A notice of a large conversation. `membersBefore` is its `membersAt` before the commit: the event alone updates a view of that
 * version.
 */
export interface MembersNotice {
  readonly to: 'members';
  readonly conversation: ConversationId;
  readonly membersBefore: number;
  readonly event: CommitEvent;
}
