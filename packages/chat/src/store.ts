// Longer than 300 lines: the port is one contract, read as one.
import type { BytesMax } from './answer-bytes.js';
import type { Departures } from './departures.js';
import type { ErrorCode } from './error-codes.js';
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
 * - **Ordering.** Changes of one conversation are serial: `decide` sees what the change before it wrote, and promises of
 *   one conversation resolve in commit order. Across conversations there is no order.
 * - **Atomicity.** A change is written whole or not at all. Several may share one commit; one that refuses or throws
 *   does not touch the others. Every read is one snapshot; a read begun after a change resolved sees it.
 * - **Idempotency.** With a key: the first committed result for (user, id) is answered again for `commandKeyDays`, without
 *   `decide`; the same id with another hash is `id_reused`. A refusal leaves no key behind.
 * - **Durability.** A change resolves only after it would survive a power cut (the memory store: while the process lives).
 * - **Errors.** Expected refusals are values. Failures reject with `StoreError`: `busy` (nothing happened, try again),
 *   `full` (nothing happened, reads work), `unknown` (the commit's fate is not known: ask again with the same key), `damaged` (what was
 *   asked for is stored and cannot be read; nothing happened, and a retry gets the same answer).
 * - **Concurrency.** Any number of calls at once, at any number of openings of the same data (one for each node): all of this holds between
 *   them as well. After `close` every call rejects with `busy`; the creator closes, once. A call in flight at `close` ends in either way.
 *
 * Limits: whoever serves the data goes by `limits`. Where another opening has others of those that nodes must agree on, opening throws
 * `LimitsDifferError` (`requireAgreement`).
 *
 * Lock order: one conversation, then member rows by user id, then the command key.
 */
export interface Store extends Departures {
  readonly limits: ChatLimits;

  change<Result, Tell>(request: ChangeRequest<Result, Tell>): Promise<ChangeOutcome<Result, Tell>>;

  /**
   * The same on one member row without the conversation's lock: cursors, drafts (CH-23). Carries no key; must be harmless when repeated. Refused as
   * `not_found` without `decide` where the user's account is suspended or deleted by then.
   */
  changeMember<Result, Tell>(request: MemberChangeRequest<Result, Tell>): Promise<MemberChangeOutcome<Result, Tell>>;

  /**
   * Every entry changed since the cursor, perhaps some twice, never fewer, ordered by (stamp, conversation) (CH-12 to CH-15).
   * `null`, a cursor of another epoch or of the future, or not a cursor at all: `reset`. More than `listChangedMax` changed:
   * `limited`. Both give the first `bootstrapEntries` in list order. Otherwise at most `limit`, and `more` when the next call,
   * with the answer's cursor, has more to give at once.
   */
  list(user: UserId, cursor: string | null, limit: number, bytesMax?: BytesMax): Promise<ListAnswer>;

  /**
   * Entries in list order: pinned, others, archived; in each activity falling, then conversation id rising; those strictly after `after`.
   * What was dismissed is not among them; `list` gives it, so that devices learn of it.
   */
  listPage(user: UserId, after: ListPosition | null, limit: number, bytesMax?: BytesMax): Promise<ListPageAnswer>;

  /** `entry` is `null` where the user never was a member. */
  entry(user: UserId, conversation: ConversationId): Promise<{ readonly epoch: Epoch; readonly entry: Entry | null }>;

  /**
   * CH-9. Ranges and what is hidden are applied inside the query; at most `limit` visible sequences are read, whatever the log has
   * gathered. With `thread`, only the root and its replies are read (CH-21).
   */
  page(user: UserId, conversation: ConversationId, request: PageRequest): Promise<PageAnswer>;

  /**
   * Visible messages with modification above `since`, in that order, at most `limit` (CH-10). `since` above the head, or more
   * than `changesBumpsMax` below it: `reset`, without a scan.
   */
  changes(
    user: UserId,
    conversation: ConversationId,
    since: number,
    limit: number,
    bytesMax?: BytesMax,
  ): Promise<ChangesAnswer>;

  /** Those of the named messages that the user may see; one whose id is another's is left out. Ordered by sequence. */
  messages(
    user: UserId,
    conversation: ConversationId,
    names: readonly MessageName[],
    bytesMax?: BytesMax,
  ): Promise<MessagesAnswer>;

  /** What a visible message said before its edits, below `before` (a `Version.modification`; `null`: from the newest), falling; none for any other. */
  versions(
    user: UserId,
    conversation: ConversationId,
    message: MessageName,
    { before, limit }: { readonly before: number | null; readonly limit: number; readonly bytesMax?: BytesMax },
  ): Promise<VersionsAnswer | NotMember>;

  /** The pinned messages that the user may see, by sequence; there are at most `pinsMax`. */
  pins(user: UserId, conversation: ConversationId, bytesMax?: BytesMax): Promise<MessagesAnswer>;

  /** What the user has hidden after `since`, by `hiddenAt`; at most `limit` and what was hidden together with the last. */
  hidden(user: UserId, conversation: ConversationId, since: number, limit: number): Promise<HiddenAnswer | NotMember>;

  /** Open members by user id rising, those above `after`. `user` is who asks: `not_member` without an open period (CH-3). */
  members(user: UserId, conversation: ConversationId, after: UserId | null, limit: number): Promise<MembersAnswer>;

  /** The view of CH-17: periods of those of the users who ever were members, with the `membersAt` of the same snapshot. */
  periods(conversation: ConversationId, users: readonly UserId[]): Promise<PeriodsView>;

  /** Conversations that are large and in which the user has an open period, by id: the topics a node joins for its sessions (CH-17). */
  largeConversations(user: UserId): Promise<readonly ConversationId[]>;

  /**
   * CH-23. Small: the receipts of all open members, by user id, at most `smallMembersMax`; `sequence` is ignored. Large: how many open
   * members but the author were shown `sequence`, answered to its author only, else `not_found`.
   */
  readers(user: UserId, conversation: ConversationId, sequence: number): Promise<ReadersAnswer>;

  /** Invitations of the conversation, for who may make them: the oldest first. `not_member`, or `denied`. */
  invites(user: UserId, conversation: ConversationId): Promise<InvitesAnswer>;

  /** What a stranger is shown before joining: by the hash of a secret, or with `null` where anyone may join. */
  invitation(conversation: ConversationId, hash: string | null, now: number): Promise<InvitationAnswer>;

  /** Groups and channels that anyone may join, by (folded name, id), whose name has `query` in it, strictly after `after`. */
  directory(query: string, after: DirectoryPosition | null, limit: number): Promise<readonly Outline[]>;

  /**
   * Messages that are wanted, among those the user may see now (CH-3): texts of conversations with an open period, within the ranges, not hidden;
   * ordered by `compareSearchPositions`. The answer holds every such message after `request.after` down to `next`, and no other. A call
   * ends after a bounded amount of work, whatever the log has gathered, and then answers with a `next` that has come further.
   */
  search(user: UserId, request: SearchRequest): Promise<SearchAnswer>;

  /**
   * Entries of an open member by the name of the conversation, or of the other one where that is among `peers`, in list order with those
   * that were dismissed left out; at most `limit`, strictly after `after`. `name` is folded by `foldName`, a part is enough. The answer holds
   * every such entry after `after` down to `next`, and no other; it ends after a bounded amount of work, with a `next` that has come further.
   */
  findConversations(
    user: UserId,
    place: { readonly name: string; readonly peers: readonly UserId[] },
    page: { readonly after: ListPosition | null; readonly limit: number; readonly bytesMax?: BytesMax },
  ): Promise<ConversationsAnswer>;

  /**
   * Threads that the user follows in conversations with an open period, by the newest reply that the user may see (and has not hidden), in the order
   * of `compareSearchPositions`; one without such a reply is left out. At most `limit`, strictly after `after`. A call ends after a bounded amount of
   * work beyond `after`, and then answers with a `next` that has come further.
   */
  threads(user: UserId, after: SearchPosition | null, limit: number, bytesMax?: BytesMax): Promise<ThreadsAnswer>;

  privacy(user: UserId): Promise<Privacy>;

  /** Those of `others` who block the user. */
  blockedBy(user: UserId, others: readonly UserId[]): Promise<ReadonlySet<UserId>>;

  /**
   * Those of `others` whom the user knows (CH-39): the user, people the user blocks, and people who are or were members of a conversation that
   * the user is an open member of, if their stay had not ended before the user first came (`hasMet`).
   */
  acquaintances(user: UserId, others: readonly UserId[]): Promise<ReadonlySet<UserId>>;

  epoch(): Promise<Epoch>;
  close(): Promise<void>;
}

/** Which conversation is locked: an existing one, the one of a direct key, or none because a new one is made. */
export type ChangeTarget =
  | { readonly by: 'id'; readonly conversation: ConversationId }
  | { readonly by: 'direct'; readonly key: DirectKey }
  | { readonly by: 'new' };

/** What `decide` needs to see; at most `needsRowsMax` rows. */
export interface Needs {
  /** Member rows with their periods; users without a row are absent from the answer. */
  readonly members: readonly UserId[];
  /** Also the rows of all open members while the conversation is small: who may be given a touched row (CH-17). */
  readonly openMembers: boolean;
  /** Messages by sequence; those that do not exist are absent. */
  readonly messages: readonly number[];
  /** Also find who would follow this owner: the admin who has been a member longest, else the member, else the reader. */
  readonly heirOf?: UserId;
  /** With `heirOf`: people who follow the owner only where there is nobody else. A deleted account never follows. */
  readonly heirsAvoided?: readonly UserId[];
  /** A sequence to look up for the key's user, clamped to the head. */
  readonly position?: number;
  /**
   * Also every invitation of the conversation, and the member rows of those who made them; at most `invitesMax` that are good, and those
   * that ended since the last was made.
   */
  readonly invites?: boolean;
  /** Also count whom the key's user blocks. */
  readonly blockCount?: boolean;
  /** Also count, for each of `members`, the large conversations they are an open member of. */
  readonly largeCounts: boolean;
  /**
   * Sequence of a root: also its message, the member row of its author, and what `follows` and `threadSent` say of `members` and the author.
   * A reply stands for its root.
   */
  readonly thread: number | null;
}

/** Nothing but the conversation; a command says what it needs besides. */
export const noNeeds: Needs = { members: [], openMembers: false, messages: [], largeCounts: false, thread: null };

/** Rows as of the lock, the changes of the same commit before it included. */
export interface Rows {
  readonly epoch: Epoch;
  readonly conversation: Conversation | null;
  /** The id a new conversation must take; meaningful only while `conversation` is `null`. */
  readonly newConversation: ConversationId;
  readonly members: ReadonlyMap<UserId, Member>;
  /** Users with an open period, rising; `null` when the conversation is large, empty when there is none. */
  readonly open: readonly UserId[] | null;
  readonly messages: ReadonlyMap<number, Message>;
  /** As `heirOf` asks: highest role, then the earliest open period, then the lowest user id; `null` without another open member whose account is not deleted. */
  readonly heir: Member | null;
  /** As `Needs.position` asks. */
  readonly position: Position | null;
  readonly invites: readonly Invite[];
  /** Between the key's user and the other, of a direct conversation or the direct key; else neither. */
  readonly blocks: { readonly mine: boolean; readonly theirs: boolean };
  readonly blockCount: number;
  readonly largeCounts: ReadonlyMap<UserId, number>;
  /** Of `messages`, those that the key's user has hidden. */
  readonly hidden: ReadonlySet<number>;
  readonly follows: ReadonlyMap<UserId, Follow>;
  /** `threadSent` of each one's last reply in the thread; those without one are absent. */
  readonly threadSent: ReadonlyMap<UserId, number>;
}

export interface ChangeRequest<Result, Tell> {
  readonly target: ChangeTarget;
  readonly needs: Needs;
  readonly key: CommandKey;
  /**
   * People whose accounts have to be active as of the lock; where one is not, the change is refused as `not_found` without `decide`. An account that
   * `Accounts` does not know counts as active. A repeated command is answered all the same.
   */
  readonly active?: readonly UserId[];
  /** Pure and synchronous; may be called again after a conflict. `Result` must survive JSON: it is kept with the key. */
  readonly decide: (rows: Rows) => Decision<Result, Tell>;
}

export type Refused = {
  readonly outcome: 'refused';
  readonly code: ErrorCode;
  /** Of `edit_conflict`: the message as it is. */
  readonly row?: MessageRow;
  /** Of `internal`: what did not hold. For the operator, and never sent to a client. */
  readonly invariant?: string;
};

export type Decision<Result, Tell> =
  | {
      readonly outcome: 'accepted';
      /** `null`: nothing to write but the key (what was set is set already). */
      readonly changes: Changes | null;
      readonly result: Result;
      /** What to publish after the commit; not kept. */
      readonly tell: Tell;
    }
  | Refused;

/**
 * What one change writes. The store writes the rows as given and adds stamps (CH-13), in the same commit:
 * each row of `members` is stamped; when `conversation` is given, small: the row of every member who is open afterwards gets the
 * stamp and `activity`; large: the conversation alone. When `conversation.large` rises, `large` is set on the
 * rows of those members too, and both they and the conversation are stamped; the stub of a former member shows nothing of it.
 */
export interface Changes {
  /** The whole new row, or `null` to leave it. Sequence or modification must have risen. */
  readonly conversation: Conversation | null;
  /** New messages: sequences follow the old head without a gap and end at the new one. */
  readonly append: readonly Message[];
  /**
   * Existing messages, whole, with a raised modification. Who they call is replaced by `mentions`, of appended ones as well; where the body is
   * `recalled`, their versions are deleted.
   */
  readonly touch: readonly Message[];
  /** Whole rows, inserted or replaced, periods included; `activity` and `large` are taken as given, then stamped over as above. */
  readonly members: readonly Member[];
  /** New rows. */
  readonly versions: readonly Version[];
  /** New rows; one that is there already stays as it is. */
  readonly hidden: readonly Hidden[];
  /** Whole rows, inserted or replaced; at more than `followsMax` of one member here, that of the lowest root is dropped. */
  readonly follows: readonly Follow[];
  /** Members whose follows are all removed. */
  readonly unfollow: readonly UserId[];
  /** Whole rows, inserted or replaced; and ids that are gone. */
  readonly invites?: { readonly put: readonly Invite[]; readonly drop: readonly string[] };
  /** One person's choices; needs no conversation. `at` is when somebody was blocked, `null` for no more. */
  readonly privacy?: {
    readonly user: UserId;
    readonly receipts?: boolean;
    readonly block?: { readonly user: UserId; readonly at: number | null };
  };
}

/** Nothing; a command says what it writes besides. */
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

export type ChangeOutcome<Result, Tell> =
  | { readonly outcome: 'committed'; readonly epoch: Epoch; readonly result: Result; readonly tell: Tell }
  /** The key was known: the first result, nothing to publish. */
  | { readonly outcome: 'repeated'; readonly epoch: Epoch; readonly result: Result }
  | Refused;

export interface MemberChangeRequest<Result, Tell> {
  readonly conversation: ConversationId;
  readonly user: UserId;
  /** A sequence to look up, clamped to the head; `null` when only the row is wanted. */
  readonly position: number | null;
  /** Sequence of a root: `position` is looked up in its thread, and the follow is loaded. */
  readonly thread?: number;
  readonly decide: (rows: MemberRows) => MemberDecision<Result, Tell>;
}

/** One snapshot. */
export interface MemberRows {
  readonly epoch: Epoch;
  readonly conversation: Conversation | null;
  readonly member: Member | null;
  /** The other member of a direct conversation. */
  readonly peer: Member | null;
  /** Whether others are told what this user has read. */
  readonly receipts: boolean;
  readonly position: Position | null;
  /** The member's, of the thread that was asked for. */
  readonly follow: Follow | null;
}

/** What CH-19 needs at one sequence. */
export interface Position {
  /** As asked for, but at least 0 and at most the head. */
  readonly sequence: number;
  /** The ordinal of that message, in a thread of the last reply at or below it; 0 at sequence 0. */
  readonly ordinal: number;
  /** The senderOrdinal of the member's last own message at or below it, 0 without one. At the head this is the member's `sent`; elsewhere one seek. */
  readonly senderOrdinal: number;
}

export type MemberDecision<Result, Tell> =
  | {
      readonly outcome: 'accepted';
      /** Whole rows of this member, and of the direct peer; each is written and stamped. Only cursors, mark, draft and revision may differ. */
      readonly members: readonly Member[];
      /** The member's row of the thread that was asked for, whole; absent to leave it. */
      readonly follow?: Follow;
      readonly result: Result;
      readonly tell: Tell;
    }
  | Refused;

export type MemberChangeOutcome<Result, Tell> =
  | { readonly outcome: 'committed'; readonly epoch: Epoch; readonly result: Result; readonly tell: Tell }
  | Refused;

/** What `/readyz` asks of a store. */
export interface CommitHealth {
  /** True until a commit fails, and again after one succeeds, if need be one made for the purpose. */
  readonly lastCommitOk: boolean;
  /** Whether it failed because the disk is full. */
  readonly isDiskFull: boolean;
}

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
