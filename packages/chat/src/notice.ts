import type { CommitEvent, OwnEvent, ReceiptEvent } from './events.js';
import type { ConversationId, UserId } from './model.js';

/**
 * What a committed change sends: a hint (an event that may be lost) and its receivers (CH-17). If a hint is lost, the
 * client's next `list` request returns the change.
 *
 * - `users`: sent to each user's topic. The users were read in the transaction, so no other user receives the hint.
 * - `members`: sent once to each server node, which selects its users by `commitAudience`.
 * - `watchers`: sent once to each server node, which selects those of its users who watch the conversation by
 *   `receiptAudience`.
 */
export type Notice =
  | { readonly to: 'users'; readonly users: readonly UserId[]; readonly event: CommitEvent | OwnEvent }
  | MembersNotice
  | { readonly to: 'watchers'; readonly conversation: ConversationId; readonly event: ReceiptEvent };

/**
 * A notice of a large conversation. `membersBefore`: the `membersAt` (version of the member list) before the commit. A
 * node whose view of the members has that version can update its view by the event alone.
 */
export interface MembersNotice {
  readonly to: 'members';
  readonly conversation: ConversationId;
  readonly membersBefore: number;
  readonly event: CommitEvent;
}
