// Longer than 300 lines: the port is one contract and is read as a whole.
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
 * Port: the log and everything derived from it.
 *
 * - **Ordering.** Changes of one conversation are serial: `decide` sees what the previous change wrote, and promises of one
 * conversation resolve in commit order. There is no order across conversations.
 * - **Atomicity.** A change is written completely or not at all. Several may share one commit; one that refuses or throws does
 * not affect the others. Every read is one snapshot; a read that begins after a change resolved sees it.
 * - **Idempotency.** With a key: returns the first committed result for (user, id) for `commandKeyDays`, without `decide`; the
 * same id with another hash is `id_reused`. A refusal stores no key.
 * - **Durability.** A change resolves only after it would survive a power failure (the memory store: while the process lives).
 * - **Errors.** Expected refusals are values. Failures reject with `StoreError`: `busy` (nothing happened, retry), `full`
 * (nothing happened, reads work), `unknown` (it is unknown whether the commit succeeded: retry with the same key), `damaged` (the
 * requested data is stored but unreadable; nothing happened, and a retry gets the same answer).
 * - **Concurrency.** Any number of concurrent calls, by any number of openings of the same data (one for each node): all
 * guarantees hold between them as well. After `close` every call rejects with `busy`; the creator closes, once. A call in flight
 * at `close` ends either way.
 *
 * Limits: users of the data must apply `limits`. If another opening has different values of limits that nodes must agree on,
 * opening throws `LimitsDifferError` (`requireAgreement`).
 *
 * Lock order: one conversation, then member rows by user id, then the command key.
 */
export interface Store extends Departures {
  readonly limits: ChatLimits;

  /** Applies a command to one conversation under its lock; see the guarantees above. */
  change<Result, Notices>(request: ChangeRequest<Result, Notices>): Promise<ChangeOutcome<Result, Notices>>;

  /**
   * Changes one member row without the conversation's lock: cursors, drafts (CH-23). Has no key, so it must be harmless when
   * repeated. Refused as `not_found` without `decide` if the user's account is suspended or deleted by then.
   */
  changeMember<Result, Notices>(
    request: MemberChangeRequest<Result, Notices>,
  ): Promise<MemberChangeOutcome<Result, Notices>>;

  /**
   * Returns every entry changed since the cursor, possibly some twice, never fewer, ordered by (stamp, conversation) (CH-12 to
   * CH-15). `null`, a cursor of another epoch or of the future, or a malformed one: `reset`. More than `listChangedMax` changed:
   * `limited`. Both return the first `bootstrapEntries` in list order. Otherwise at most `limit`, with `more` if the next call,
   * with the answer's cursor, has more immediately.
   */
  list(user: UserId, cursor: string | null, limit: number, bytesMax?: BytesMax): Promise<ListAnswer>;

  /**
   * Returns entries in list order: pinned, normal, archived; in each by falling activity, then rising conversation id; those
   * strictly after `after`. Leaves out dismissed ones; `list` returns them, so that devices learn of the dismissal.
   */
  listPage(user: UserId, after: ListPosition | null, limit: number, bytesMax?: BytesMax): Promise<ListPageAnswer>;

  /** Returns one entry; `null` if the user never was a member. */
  entry(user: UserId, conversation: ConversationId): Promise<{ readonly epoch: Epoch; readonly entry: Entry | null }>;

  /**
   * Returns a page (CH-9). Visible ranges and hidden messages are applied inside the query; reads at most `limit` visible
   * sequences, whatever the size of the log. With `thread`, reads only the root and its replies (CH-21).
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

  /** Returns those of the named messages that the user may see, by sequence; leaves out one whose id differs. */
  messages(
    user: UserId,
    conversation: ConversationId,
    names: readonly MessageName[],
    bytesMax?: BytesMax,
  ): Promise<MessagesAnswer>;

  /**
   * Returns the earlier texts of a visible message, below `before` (a `Version.modification`; `null`: from the newest), falling;
   * none for any other message.
   */
  versions(
    user: UserId,
    conversation: ConversationId,
    message: MessageName,
    { before, limit }: { readonly before: number | null; readonly limit: number; readonly bytesMax?: BytesMax },
  ): Promise<VersionsAnswer | NotMember>;

  /** Returns the pinned messages that the user may see, by sequence; there are at most `pinsMax`. */
  pins(user: UserId, conversation: ConversationId, bytesMax?: BytesMax): Promise<MessagesAnswer>;

  /**
   * Returns what the user has hidden after `since`, by `hiddenAt`; at most `limit`, plus what was hidden together with the last
   * one.
   */
  hidden(user: UserId, conversation: ConversationId, since: number, limit: number): Promise<HiddenAnswer | NotMember>;

  /**
   * Returns open members by rising user id, those above `after`. `user` is the asker: `not_member` without an open period (CH-3).
   */
  members(user: UserId, conversation: ConversationId, after: UserId | null, limit: number): Promise<MembersAnswer>;

  /**
   * Returns the view of CH-17: periods of those of the users who ever were members, with the `membersAt` of the same snapshot.
   */
  periods(conversation: ConversationId, users: readonly UserId[]): Promise<PeriodsView>;

  /**
   * Returns large conversations in which the user has an open period, by id: a node joins their topics for its sessions (CH-17).
   */
  largeConversations(user: UserId): Promise<readonly ConversationId[]>;

  /**
   * Returns receipts (CH-23). Small conversation: those of all open members, by user id, at most `smallMembersMax`; ignores
   * `sequence`. Large: how many open members except the author were shown `sequence`, to its author only, otherwise `not_found`.
   */
  readers(user: UserId, conversation: ConversationId, sequence: number): Promise<ReadersAnswer>;

  /**
   * Returns the invitations of a conversation, the oldest first, for members who may create them; otherwise `not_member` or
   * `denied`.
   */
  invites(user: UserId, conversation: ConversationId): Promise<InvitesAnswer>;

  /** Returns the outline that a stranger sees before joining: by the hash of a secret, or with `null` if anyone may join. */
  invitation(conversation: ConversationId, hash: string | null, now: number): Promise<InvitationAnswer>;

  /**
   * Returns groups and channels that anyone may join and whose name contains `query`, by (folded name, id), strictly after
   * `after`.
   */
  directory(query: string, after: DirectoryPosition | null, limit: number): Promise<readonly Outline[]>;

  /**
   * Returns matching messages among those the user may see now (CH-3): texts of conversations with an open period, within the
   * ranges, not hidden; ordered by `compareSearchPositions`. The answer contains exactly the matches after `request.after` down
   * to `next`. A call does a bounded amount of work, whatever the size of the log, and its `next` always makes progress.
   */
  search(user: UserId, request: SearchRequest): Promise<SearchAnswer>;

  /**
   * Returns entries of an open member by a part of the conversation's name (`name`, folded by `foldName`), or with one of
   * `peers`, in list order without dismissed ones; at most `limit`, strictly after `after`. The answer contains exactly the
   * matches after `after` down to `next`. A call does a bounded amount of work, and its `next` always makes progress.
   */
  findConversations(
    user: UserId,
    place: { readonly name: string; readonly peers: readonly UserId[] },
    page: { readonly after: ListPosition | null; readonly limit: number; readonly bytesMax?: BytesMax },
  ): Promise<ConversationsAnswer>;

  /**
   * Returns threads that the user follows in conversations with an open period, by the newest reply that the user may see and has
   * not hidden, in the order of `compareSearchPositions`; leaves out one without such a reply. At most `limit`, strictly after
   * `after`. A call does a bounded amount of work beyond `after`, and its `next` always makes progress.
   */
  threads(user: UserId, after: SearchPosition | null, limit: number, bytesMax?: BytesMax): Promise<ThreadsAnswer>;

  /** Returns the user's privacy settings. */
  privacy(user: UserId): Promise<Privacy>;

  /** Returns those of `others` who block the user. */
  blockedBy(user: UserId, others: readonly UserId[]): Promise<ReadonlySet<UserId>>;

  /**
   * Returns those of `others` whom the user knows (CH-39): the user, people the user blocks, and people who are or were members
   * of a conversation of which the user is an open member, if their stay had not ended before the user first joined (`hasMet`).
   */
  acquaintances(user: UserId, others: readonly UserId[]): Promise<ReadonlySet<UserId>>;

  /** Returns the current epoch of the data. */
  epoch(): Promise<Epoch>;
  /** Closes the store; see "Concurrency". */
  close(): Promise<void>;
}

/** The conversation to lock: an existing one, the one of a direct key, or none for a new one. */
export type ChangeTarget =
  | { readonly by: 'id'; readonly conversation: ConversationId }
  | { readonly by: 'direct'; readonly key: DirectKey }
  | { readonly by: 'new' };

/** The rows that `decide` needs; at most `needsRowsMax`. */
export interface Needs {
  /** Member rows with their periods; users without a row are absent from the result. */
  readonly members: readonly UserId[];
  /** Also the rows of all open members of a small conversation: they determine who may receive a changed row (CH-17). */
  readonly openMembers: boolean;
  /** Messages by sequence; missing ones are absent. */
  readonly messages: readonly number[];
  /** Also find the heir of this owner: the admin with the longest membership, else the member, else the reader. */
  readonly heirOf?: UserId;
  /** With `heirOf`: users who become the owner only if there is no other member. A deleted account never does. */
  readonly heirsAvoided?: readonly UserId[];
  /** A sequence to look up for the key's user, clamped to the head. */
  readonly position?: number;
  /**
   * Also every invitation of the conversation, and the member rows of their creators; at most `invitesMax` usable ones, and those
   * that ended since the last one was created.
   */
  readonly invites?: boolean;
  /** Also count the users whom the key's user blocks. */
  readonly blockCount?: boolean;
  /** Also count, for each of `members`, the large conversations of which they are an open member. */
  readonly largeCounts: boolean;
  /**
   * Sequence of a root: also its message, the member row of its author, and `follows` and `threadSent` of `members` and the
   * author. A reply is replaced by its root.
   */
  readonly thread: number | null;
}

/** Only the conversation; a command adds what it needs. */
export const noNeeds: Needs = { members: [], openMembers: false, messages: [], largeCounts: false, thread: null };

/** Rows at the time of the lock, including earlier changes of the same commit. */
export interface Rows {
  readonly epoch: Epoch;
  readonly conversation: Conversation | null;
  /** The id for a new conversation; only meaningful while `conversation` is `null`. */
  readonly newConversation: ConversationId;
  readonly members: ReadonlyMap<UserId, Member>;
  /** Users with an open period, rising; `null` for a large conversation, empty if there is none. */
  readonly open: readonly UserId[] | null;
  readonly messages: ReadonlyMap<number, Message>;
  /**
   * For `heirOf`: highest role, then the earliest open period, then the lowest user id; `null` without another open member whose
   * account is not deleted.
   */
  readonly heir: Member | null;
  /** For `Needs.position`. */
  readonly position: Position | null;
  readonly invites: readonly Invite[];
  /** Blocks between the key's user and the other user, for a direct conversation or a direct key; otherwise both false. */
  readonly blocks: { readonly mine: boolean; readonly theirs: boolean };
  readonly blockCount: number;
  readonly largeCounts: ReadonlyMap<UserId, number>;
  /** Those of `messages` that the key's user has hidden. */
  readonly hidden: ReadonlySet<number>;
  readonly follows: ReadonlyMap<UserId, Follow>;
  /** `threadSent` of each user's last reply in the thread; users without one are absent. */
  readonly threadSent: ReadonlyMap<UserId, number>;
}

/** A change of one conversation. */
export interface ChangeRequest<Result, Notices> {
  readonly target: ChangeTarget;
  readonly needs: Needs;
  readonly key: CommandKey;
  /**
   * Users whose accounts must be active at the lock; otherwise the change is refused as `not_found` without `decide`. An
   * account unknown to `Accounts` counts as active. A repeated command is answered regardless.
   */
  readonly active?: readonly UserId[];
  /**
   * Must be pure and synchronous; may be called again after a conflict. `Result` must survive JSON, because it is stored with the
   * key.
   */
  readonly decide: (rows: Rows) => Decision<Result, Notices>;
}

/** A refusal by the domain. */
export type Refused = {
  readonly outcome: 'refused';
  readonly code: ChatErrorCode;
  /** With `edit_conflict`: the current message. */
  readonly row?: MessageRow;
  /** With `internal`: the violated invariant. For the operator; never sent to a client. */
  readonly invariant?: string;
};

/** The outcome of `decide`. */
export type Decision<Result, Notices> =
  | {
      readonly outcome: 'accepted';
      /** `null`: nothing to write but the key, because the state is already as requested. */
      readonly changes: Changes | null;
      readonly result: Result;
      /** Notices to publish after the commit; not stored. */
      readonly notices: Notices;
    }
  | Refused;

/**
 * The rows that one change writes. The store writes them as given and adds stamps (CH-13) in the same commit. Each row of
 * `members` is stamped. If `conversation` is given and small, the row of every member who is open afterwards gets the stamp and
 * `activity`; if it is large, only the conversation does. When `conversation.large` rises, `large` is set on the rows of those
 * members too, and both they and the conversation are stamped; the stub of a former member is not changed.
 */
export interface Changes {
  /** The complete new row; `null` to leave it. Sequence or modification must have risen. */
  readonly conversation: Conversation | null;
  /** New messages: their sequences follow the old head without a gap and end at the new one. */
  readonly append: readonly Message[];
  /**
   * Existing messages, complete, with a raised modification. Their mentions are replaced by `mentions`, like those of appended
   * ones; if the body is `recalled`, their versions are deleted.
   */
  readonly touch: readonly Message[];
  /**
   * Complete rows, inserted or replaced, periods included. `activity` and `large` are written as given, then updated as above.
   */
  readonly members: readonly Member[];
  /** New rows. */
  readonly versions: readonly Version[];
  /** New rows; an existing one is left unchanged. */
  readonly hidden: readonly Hidden[];
  /**
   * Complete rows, inserted or replaced; beyond `followsMax` of one member in this conversation, the one of the lowest root is
   * dropped.
   */
  readonly follows: readonly Follow[];
  /** Members whose follows are all removed. */
  readonly unfollow: readonly UserId[];
  /** Complete rows, inserted or replaced, and ids to delete. */
  readonly invites?: { readonly put: readonly Invite[]; readonly drop: readonly string[] };
  /** One user's settings; needs no conversation. `at` is when the user was blocked; `null` to unblock. */
  readonly privacy?: {
    readonly user: UserId;
    readonly receipts?: boolean;
    readonly block?: { readonly user: UserId; readonly at: number | null };
  };
}

/** No rows; a command adds what it writes. */
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
  /** The key was known: returns the first result, and there is nothing to publish. */
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

/** The counters at one sequence (CH-19). */
export interface Position {
  /** As requested, but at least 0 and at most the head. */
  readonly sequence: number;
  /** The ordinal of that message, or in a thread of the last reply at or below it; 0 at sequence 0. */
  readonly ordinal: number;
  /**
   * The senderOrdinal of the member's last own message at or below it; 0 without one. At the head this is the member's `sent`;
   * elsewhere it costs one seek.
   */
  readonly senderOrdinal: number;
}

/** The decision about a member row. */
export type MemberDecision<Result, Notices> =
  | {
      readonly outcome: 'accepted';
      /**
       * Complete rows of this member, and of the direct peer; each is written and stamped. Only cursors, mark, draft and revision
       * may differ.
       */
      readonly members: readonly Member[];
      /** The member's complete row of the requested thread; absent to leave it. */
      readonly follow?: Follow;
      readonly result: Result;
      readonly notices: Notices;
    }
  | Refused;

/** The outcome of a member change. */
export type MemberChangeOutcome<Result, Notices> =
  | { readonly outcome: 'committed'; readonly epoch: Epoch; readonly result: Result; readonly notices: Notices }
  | Refused;

/** The health of a store, for `/readyz`. */
export interface CommitHealth {
  /** False after a failed commit, until one succeeds; the store retries with a test commit if necessary. */
  readonly lastCommitOk: boolean;
  /** Whether it failed because the disk is full. */
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
