// Longer than 300 lines, because the port is one contract and is read as a whole.
import type { BytesMax } from './answer-bytes.js';
import type { ChatErrorCode } from './chat-error-codes.js';
import type { Departures } from './departures.js';
import type { ChatLimits } from './limits.js';
import type { Message, Version } from './message.js';
import type {
  CommandKey,
  Conversation,
  ConversationId,
  DirectKey,
  Epoch,
  Follow,
  Hidden,
  Invite,
  Member,
  MessageName,
  UserId,
} from './model.js';
import type { SearchAnswer, SearchPosition, SearchRequest } from './search.js';
import type {
  ChangesAnswer,
  ConversationsAnswer,
  HiddenAnswer,
  InvitationAnswer,
  InvitesAnswer,
  ListAnswer,
  ListPageAnswer,
  ListPosition,
  MembersAnswer,
  MessagesAnswer,
  NotMember,
  PageAnswer,
  PageRequest,
  PeriodsView,
  ReadersAnswer,
  ThreadsAnswer,
  VersionsAnswer,
} from './store-answers.js';
import type { Entry, MessageRow } from './views.js';
import type { DirectoryPosition, Outline } from './wire-invites.js';
import type { Privacy } from './wire-privacy.js';

/**
 * Port (an interface that the rules of the chat use and that each database implements): the log of messages and everything derived from it.
 * An implementation is called an adapter. The terms are defined in docs/vocabulary.md, the rules CH-… in docs/spec/chat.md.
 *
 * - **Ordering.** Changes of one conversation are serial: `decide` sees the rows that the previous change wrote, and promises of one
 *   conversation resolve in commit order. There is no order across conversations.
 * - **Atomicity.** A change is written completely or not at all. Several changes may share one commit; one that refuses or throws does not
 *   affect the others. Every read is one snapshot. A read that begins after a change has resolved sees that change.
 * - **Idempotency.** If (user, id) of a request's key was committed within `commandKeyDays`, the change returns the first result without
 *   calling `decide`. The same id with another hash is refused with `id_reused`. A refusal stores no key.
 * - **Durability.** A change resolves only when it would survive a power failure (in the memory store: as long as the process lives).
 * - **Errors.** Expected refusals are values. Failures reject with `StoreError`: `busy` (nothing happened, retry), `full` (nothing
 *   happened, reads work), `unknown` (it is unknown whether the commit succeeded: retry with the same key), `damaged` (the requested data
 *   is stored but unreadable; nothing happened, and a retry gets the same answer).
 * - **Concurrency.** Any number of calls may run at the same time, by any number of openings of the same data (one for each server node).
 *   All guarantees hold between openings as well. After `close`, every call rejects with `busy`. The creator closes the store, once. A call
 *   in flight at `close` may succeed or fail.
 *
 * Limits: users of the data must apply `limits`. Nodes must agree on some limits. If another opening has other values of these, opening
 * throws `LimitsDifferError` (`requireAgreement`).
 *
 * Lock order: one conversation, then member rows by user id, then the command key.
 */
export interface Store extends Departures {
  readonly limits: ChatLimits;

  /** Applies a command to one conversation under the lock of the conversation. See the guarantees above. */
  change<Result, Notices>(request: ChangeRequest<Result, Notices>): Promise<ChangeOutcome<Result, Notices>>;

  /**
   * Changes one member row without the conversation's lock: read positions and drafts (CH-23). The request has no key, so repeating it must
   * be harmless. Refused as `not_found`, without calling `decide`, if the user's account is suspended or deleted.
   */
  changeMember<Result, Notices>(
    request: MemberChangeRequest<Result, Notices>,
  ): Promise<MemberChangeOutcome<Result, Notices>>;

  /**
   * Returns every entry that changed since the cursor, possibly some twice, never fewer, ordered by (stamp, conversation) (CH-12 to CH-15).
   * The outcome is `reset` for `null`, a cursor of another epoch or of the future, or a malformed one. It is `limited` if more than
   * `listChangedMax` entries have changed. Both return the first `bootstrapEntries` in list order. Otherwise the answer has at most `limit`
   * entries. `more` says that the next call, with the answer's cursor, returns more immediately.
   */
  list(user: UserId, cursor: string | null, limit: number, bytesMax?: BytesMax): Promise<ListAnswer>;

  /**
   * Returns entries in list order, strictly after `after`: pinned, normal, archived; within each by falling activity, then rising
   * conversation id. Omits dismissed entries; `list` returns these, so that devices learn of the dismissal.
   */
  listPage(user: UserId, after: ListPosition | null, limit: number, bytesMax?: BytesMax): Promise<ListPageAnswer>;

  /** Returns one entry; `null` if the user never was a member. */
  entry(user: UserId, conversation: ConversationId): Promise<{ readonly epoch: Epoch; readonly entry: Entry | null }>;

  /**
   * Returns a page (CH-9). Applies visible ranges and hidden messages inside the query. Reads at most `limit` visible sequences, whatever
   * the size of the log. With `thread`, reads only the root and its replies (CH-21).
   */
  page(user: UserId, conversation: ConversationId, request: PageRequest): Promise<PageAnswer>;

  /**
   * Returns at most `limit` visible messages with a modification above `since`, in that order (CH-10). Returns `reset` without a
   * scan if `since` is above the head, or more than `changesBumpsMax` below it.
   */
  changes(
    user: UserId,
    conversation: ConversationId,
    since: number,
    limit: number,
    bytesMax?: BytesMax,
  ): Promise<ChangesAnswer>;

  /** Returns those of the named messages that the user may see, by sequence. Omits a message whose id differs from the name. */
  messages(
    user: UserId,
    conversation: ConversationId,
    names: readonly MessageName[],
    bytesMax?: BytesMax,
  ): Promise<MessagesAnswer>;

  /**
   * Returns the earlier texts of a visible message with a modification below `before`, the newest first. `before` is a
   * `Version.modification`; `null` starts from the newest. Returns no texts for any other message.
   */
  versions(
    user: UserId,
    conversation: ConversationId,
    message: MessageName,
    { before, limit }: { readonly before: number | null; readonly limit: number; readonly bytesMax?: BytesMax },
  ): Promise<VersionsAnswer | NotMember>;

  /** Returns the pinned messages that the user may see, by sequence. A conversation has at most `pinsMax`. */
  pins(user: UserId, conversation: ConversationId, bytesMax?: BytesMax): Promise<MessagesAnswer>;

  /**
   * Returns the messages that the user has hidden after `since`, by `hiddenAt`; at most `limit`, plus those that were hidden by the same
   * command as the last one.
   */
  hidden(user: UserId, conversation: ConversationId, since: number, limit: number): Promise<HiddenAnswer | NotMember>;

  /**
   * Returns open members (those whose stay has not ended) with a user id above `after`, by rising id. `user`: the user who asks; the answer
   * is `not_member` if this user has no open period (CH-3).
   */
  members(user: UserId, conversation: ConversationId, after: UserId | null, limit: number): Promise<MembersAnswer>;

  /** Returns the view of CH-17: for those of `users` who ever were members, their periods, with the `membersAt` of the same snapshot. */
  periods(conversation: ConversationId, users: readonly UserId[]): Promise<PeriodsView>;

  /** Returns the large conversations in which the user has an open period, by id. A node joins their topics for its sessions (CH-17). */
  largeConversations(user: UserId): Promise<readonly ConversationId[]>;

  /**
   * Returns receipts (CH-23). In a small conversation: those of all open members, by user id, at most `smallMembersMax`; `sequence` is
   * ignored. In a large one: the number of open members except the author who were shown message `sequence`. Only its author gets this
   * number; the answer to others is `not_found`.
   */
  readers(user: UserId, conversation: ConversationId, sequence: number): Promise<ReadersAnswer>;

  /**
   * Returns the invitations of a conversation, the oldest first. The answer is `not_member` or `denied` unless the user may create
   * invitations.
   */
  invites(user: UserId, conversation: ConversationId): Promise<InvitesAnswer>;

  /** Returns the outline that a user sees before joining. `hash`: the hash of the invitation's secret; `null` if anyone may join. */
  invitation(conversation: ConversationId, hash: string | null, now: number): Promise<InvitationAnswer>;

  /**
   * Returns groups and channels that anyone may join and whose name contains `query`, by (folded name, id), strictly after
   * `after`.
   */
  directory(query: string, after: DirectoryPosition | null, limit: number): Promise<readonly Outline[]>;

  /**
   * Returns matching messages among those that the user may see now (CH-3): texts of conversations with an open period, within the visible
   * ranges, not hidden; ordered by `compareSearchPositions`. The answer contains exactly the matches after `request.after` down to `next`.
   * A call does a bounded amount of work, whatever the size of the log, and its `next` always makes progress.
   */
  search(user: UserId, request: SearchRequest): Promise<SearchAnswer>;

  /**
   * Returns entries of conversations with an open period whose name contains `name` (folded by `foldName`), or whose direct peer is one of
   * `peers`. They are in list order, without dismissed ones, at most `limit`, strictly after `after`. The answer contains exactly the
   * matches after `after` down to `next`. A call does a bounded amount of work, and its `next` always makes progress.
   */
  findConversations(
    user: UserId,
    place: { readonly name: string; readonly peers: readonly UserId[] },
    page: { readonly after: ListPosition | null; readonly limit: number; readonly bytesMax?: BytesMax },
  ): Promise<ConversationsAnswer>;

  /**
   * Returns the threads that the user follows in conversations with an open period. They are ordered by the newest reply that the user may
   * see and has not hidden, as `compareSearchPositions` does; a thread without such a reply is omitted. At most `limit`, strictly after
   * `after`. A call does a bounded amount of work beyond `after`, and its `next` always makes progress.
   */
  threads(user: UserId, after: SearchPosition | null, limit: number, bytesMax?: BytesMax): Promise<ThreadsAnswer>;

  /** Returns the user's privacy settings. */
  privacy(user: UserId): Promise<Privacy>;

  /** Returns those of `others` who block the user. */
  blockedBy(user: UserId, others: readonly UserId[]): Promise<ReadonlySet<UserId>>;

  /**
   * Returns those of `others` whom the user knows (CH-39). These are: the user; people whom the user blocks; and people who are or were
   * members of a conversation of which the user is an open member, unless their stay ended before the user first joined (`hasMet`).
   */
  acquaintances(user: UserId, others: readonly UserId[]): Promise<ReadonlySet<UserId>>;

  /** Returns the current epoch of the data. */
  epoch(): Promise<Epoch>;
  /** Closes the store; see "Concurrency". */
  close(): Promise<void>;
}

/** The conversation to lock: an existing one by its id, the one of a direct key (which may not exist yet), or none for a new one. */
export type ChangeTarget =
  | { readonly by: 'id'; readonly conversation: ConversationId }
  | { readonly by: 'direct'; readonly key: DirectKey }
  | { readonly by: 'new' };

/** The rows that `decide` needs; at most `needsRowsMax`. */
export interface Needs {
  /** Member rows with their periods; users without a row are absent from the result. */
  readonly members: readonly UserId[];
  /** Also the rows of all open members of a small conversation, because they determine who may receive a changed row (CH-17). */
  readonly openMembers: boolean;
  /** Messages by sequence; missing ones are absent. */
  readonly messages: readonly number[];
  /**
   * Also find the heir of this owner, who becomes the owner next: the admin with the longest membership, else such a member, else such a
   * reader.
   */
  readonly heirOf?: UserId;
  /** With `heirOf`: users who become the owner only if there is no other member. A deleted account never becomes the owner. */
  readonly heirsAvoided?: readonly UserId[];
  /** A sequence to look up for the key's user, clamped to the head. */
  readonly position?: number;
  /**
   * Also every invitation of the conversation, and the member rows of their creators. There are at most `invitesMax` usable ones, and those
   * that ended since the last one was created.
   */
  readonly invites?: boolean;
  /** Also count the users whom the key's user blocks. */
  readonly blockCount?: boolean;
  /** Also count, for each of `members`, the large conversations of which they are an open member. */
  readonly largeCounts: boolean;
  /**
   * Sequence of the root of a thread: also its message, the member row of its author, and `follows` and `threadSent` of `members` and the
   * author. If the sequence is that of a reply, the reply's root is used. `null` if no thread is needed.
   */
  readonly thread: number | null;
}

/** Needs only the conversation row. A command adds its other needs. */
export const noNeeds: Needs = { members: [], openMembers: false, messages: [], largeCounts: false, thread: null };

/** Rows as they are under the lock, including earlier changes of the same commit. */
export interface Rows {
  readonly epoch: Epoch;
  readonly conversation: Conversation | null;
  /** The id for a new conversation; only meaningful while `conversation` is `null`. */
  readonly newConversation: ConversationId;
  readonly members: ReadonlyMap<UserId, Member>;
  /** Users with an open period, by rising id. `null` for a large conversation, empty if the conversation does not exist. */
  readonly open: readonly UserId[] | null;
  readonly messages: ReadonlyMap<number, Message>;
  /**
   * The result of `heirOf`: the member with the highest role, then the earliest open period, then the lowest user id. `null` if there is no
   * other open member whose account is not deleted.
   */
  readonly heir: Member | null;
  /** For `Needs.position`. */
  readonly position: Position | null;
  readonly invites: readonly Invite[];
  /**
   * For a direct conversation or a direct key: whether the key's user blocks the other (`mine`), and the reverse (`theirs`). Otherwise both
   * false.
   */
  readonly blocks: { readonly mine: boolean; readonly theirs: boolean };
  readonly blockCount: number;
  readonly largeCounts: ReadonlyMap<UserId, number>;
  /** Sequences of those of `messages` that the key's user has hidden. */
  readonly hidden: ReadonlySet<number>;
  readonly follows: ReadonlyMap<UserId, Follow>;
  /** For each user, `threadSent` of the user's last reply in the thread. Users without a reply are absent. */
  readonly threadSent: ReadonlyMap<UserId, number>;
}

/** A change of one conversation. */
export interface ChangeRequest<Result, Notices> {
  readonly target: ChangeTarget;
  readonly needs: Needs;
  readonly key: CommandKey;
  /**
   * Users whose accounts must be active under the lock; otherwise the change is refused as `not_found` without calling `decide`. An account
   * that `Accounts` does not know counts as active. A repeated command returns its first result regardless.
   */
  readonly active?: readonly UserId[];
  /**
   * Must be pure and synchronous, because it may be called again after a conflict. `Result` must survive JSON, because it is stored with
   * the key.
   */
  readonly decide: (rows: Rows) => Decision<Result, Notices>;
}

/** A refusal by the domain. */
export type Refused = {
  readonly outcome: 'refused';
  readonly code: ChatErrorCode;
  /** With `edit_conflict`: the current message. */
  readonly row?: MessageRow;
  /** With `internal`: the invariant that is violated, for the operator. Never sent to a client. */
  readonly invariant?: string;
};

/** The outcome of `decide`. */
export type Decision<Result, Notices> =
  | {
      readonly outcome: 'accepted';
      /** The rows to write; `null` to write only the key, because the state is already as requested. */
      readonly changes: Changes | null;
      readonly result: Result;
      /** Notices to publish after the commit; not stored. */
      readonly notices: Notices;
    }
  | Refused;

/**
 * The rows that one change writes. The store writes them as given. In the same commit it stamps member rows and the conversation, that is,
 * numbers the change so that `list` finds it (CH-13). Each row of `members` is stamped. If `conversation` is given and small, the row of
 * every member who is open afterwards gets the stamp and `activity`. If it is large, only the conversation is stamped. When
 * `conversation.large` becomes true, `large` is set on the rows of those members too, and both they and the conversation are stamped. The
 * stub (remaining row) of a former member is not changed.
 */
export interface Changes {
  /** The complete new row; `null` to leave it unchanged. Its sequence or its modification must have risen. */
  readonly conversation: Conversation | null;
  /** New messages. Their sequences follow the old head without a gap and end at the new head. */
  readonly append: readonly Message[];
  /**
   * Existing messages, complete, with a raised modification. Their stored mentions are replaced by `mentions`, like those of new messages.
   * If the body is `recalled`, their earlier versions are deleted.
   */
  readonly touch: readonly Message[];
  /**
   * Complete rows, including periods, inserted or replaced. `activity` and `large` are written as given and then updated as described
   * above.
   */
  readonly members: readonly Member[];
  /** New rows. */
  readonly versions: readonly Version[];
  /** New rows. A row that exists already is left unchanged. */
  readonly hidden: readonly Hidden[];
  /**
   * Complete rows, inserted or replaced. If a member then has more than `followsMax` in this conversation, the one with the lowest root is
   * dropped.
   */
  readonly follows: readonly Follow[];
  /** Members whose follows in this conversation are all removed. */
  readonly unfollow: readonly UserId[];
  /** Complete invitations to insert or replace (`put`), and ids to delete (`drop`). */
  readonly invites?: { readonly put: readonly Invite[]; readonly drop: readonly string[] };
  /** Privacy settings of one user; they need no conversation. `at`: when the other user was blocked, `null` to unblock. */
  readonly privacy?: {
    readonly user: UserId;
    readonly receipts?: boolean;
    readonly block?: { readonly user: UserId; readonly at: number | null };
  };
}

/** Writes no rows. A command adds those that it writes. */
export const noChanges: Changes = {
  conversation: null,
  append: [],
  touch: [],
  members: [],
  versions: [],
  hidden: [],
  follows: [],
  unfollow: [],
};

/** The outcome of a change. */
export type ChangeOutcome<Result, Notices> =
  | { readonly outcome: 'committed'; readonly epoch: Epoch; readonly result: Result; readonly notices: Notices }
  /** The key was known. `result` is the first result, and there is nothing to publish. */
  | { readonly outcome: 'repeated'; readonly epoch: Epoch; readonly result: Result }
  | Refused;

/** A change of one member row. */
export interface MemberChangeRequest<Result, Notices> {
  readonly conversation: ConversationId;
  readonly user: UserId;
  /** A sequence to look up, clamped to the head; `null` if only the row is needed. */
  readonly position: number | null;
  /** Sequence of a root: `position` is looked up in its thread, and the follow is loaded. */
  readonly thread?: number;
  readonly decide: (rows: MemberRows) => MemberDecision<Result, Notices>;
}

/** The rows of a member change, from one snapshot. */
export interface MemberRows {
  readonly epoch: Epoch;
  readonly conversation: Conversation | null;
  readonly member: Member | null;
  /** The other member of a direct conversation. */
  readonly peer: Member | null;
  /** Whether others see what this user has read. */
  readonly receipts: boolean;
  readonly position: Position | null;
  /** The member's follow of the requested thread. */
  readonly follow: Follow | null;
}

/** The counters at one sequence, from which the number of unread messages is computed (CH-19). */
export interface Position {
  /** As requested, but at least 0 and at most the head. */
  readonly sequence: number;
  /** The ordinal of that message, or in a thread of the last reply at or below it; 0 at sequence 0. */
  readonly ordinal: number;
  /**
   * The `senderOrdinal` of the member's last own message at or below `sequence`; 0 without one. At the head, this equals the member's
   * `sent`. Elsewhere the store must look it up once.
   */
  readonly senderOrdinal: number;
}

/** The decision about a member row. */
export type MemberDecision<Result, Notices> =
  | {
      readonly outcome: 'accepted';
      /**
       * Complete rows of this member, and of the peer in a direct conversation. Each is written and stamped. Only read positions, mark,
       * draft and revision may differ from the stored rows.
       */
      readonly members: readonly Member[];
      /** The member's complete follow of the requested thread; absent to leave it unchanged. */
      readonly follow?: Follow;
      readonly result: Result;
      readonly notices: Notices;
    }
  | Refused;

/** The outcome of a member change. */
export type MemberChangeOutcome<Result, Notices> =
  | { readonly outcome: 'committed'; readonly epoch: Epoch; readonly result: Result; readonly notices: Notices }
  | Refused;

/** The health of a store, for the health check `/readyz`. */
export interface CommitHealth {
  /** False after a failed commit, until a commit succeeds. The store tries a test commit if no other commit happens. */
  readonly lastCommitOk: boolean;
  /** Whether the commit failed because the disk is full. */
  readonly isDiskFull: boolean;
}

/** `busy`, `full`, `unknown` and `damaged`: see `Store`. */
export type StoreErrorCode = 'busy' | 'full' | 'unknown' | 'damaged';

/** A failure of the store itself, never an expected refusal. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreError';
    this.code = code;
  }
}
