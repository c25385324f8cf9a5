// Longer than 300 lines, because the shapes of all requests and answers of a session are in one place.
import type { ChatErrorCode } from './chat-error-codes.js';
import type { PresenceState } from './events.js';
import type { FileRef } from './message.js';
import type {
  CommandId,
  ConversationId,
  Draft,
  Epoch,
  LogHead,
  MessageId,
  MessageName,
  Role,
  UserId,
} from './model.js';
import type {
  ConversationReset,
  HiddenAnswer,
  ListAnswer,
  ListPageAnswer,
  ListPosition,
  NotMember,
  PageAnchor,
  VersionsAnswer,
} from './store-answers.js';
import type { Profile } from './user.js';
import type { Entry, MessageRow, Receipt } from './views.js';
import type { CursorCommand, SessionCommand } from './wire-cursors.js';
import type { GroupCommand } from './wire-groups.js';
import type { InviteAnswers, InviteCommand, InviteQuery } from './wire-invites.js';
import type { MessageCommand } from './wire-messages.js';
import type { PersonalCommand } from './wire-own.js';
import type { PrivacyAnswers, PrivacyCommand } from './wire-privacy.js';
import type { SearchAnswers, SearchQueries } from './wire-search.js';
import type { ThreadsAnswers, ThreadsQuery } from './wire-threads.js';

/**
 * A request over a session, as JSON text. The server answers each request with one `CommandAnswer` with the same `i`, in any order, and
 * sends `ServerEvent`s on its own. Every answer about the log and every commit event contain the epoch, which identifies the history.
 *
 * ```
 * > {"i":3,"command":"rename","id":"1a…","conversation":7,"name":"new"}
 * < {"i":3,"ok":{"epoch":"…"}}
 * ```
 */
export type Request = { readonly i: number } & (Command | Query);

/**
 * The answer to a request. `i` is the number of the request: a non-negative integer, which the client must not reuse while it is
 * unanswered.
 */
export type CommandAnswer =
  | { readonly i: number; readonly ok: Answers[keyof Answers] }
  | { readonly i: number; readonly error: ChatErrorBody };

/** A refusal or failure, as sent to the client. */
export interface ChatErrorBody {
  readonly code: ChatErrorCode;
  readonly retryable: boolean;
  /** With `edit_conflict`: the current message. */
  readonly row?: MessageRow;
}

/**
 * All commands. Those with an `id` are idempotent (take effect once, however often they are sent; CH-18) and are stored in the client's
 * outbox. The others are not.
 */
export type Command = KeyedCommand | CursorCommand | SessionCommand;

/** Commands with an `id`. */
export type KeyedCommand =
  | CreateDirect
  | CreateGroup
  | Add
  | Remove
  | Leave
  | Rename
  | GroupCommand
  | PersonalCommand
  | InviteCommand
  | PrivacyCommand
  | MessageCommand;

/** Finds or creates a direct conversation. */
export interface CreateDirect {
  readonly command: 'createDirect';
  readonly id: CommandId;
  readonly peer: UserId;
  /**
   * When the conversation begins. `message`: no list shows it before its first message. `never`: only an existing one is found, otherwise
   * `not_found`. Absent: it is listed immediately.
   */
  readonly begins?: 'message' | 'never';
}

/** Creates a group. */
export interface CreateGroup {
  readonly command: 'createGroup';
  readonly id: CommandId;
  readonly name: string;
  /** The initial members, in addition to the creator. */
  readonly users: readonly UserId[];
}

/** Adds users. A returning member gets a new period, which is a stay from one message to another (CH-3). */
export interface Add {
  readonly command: 'add';
  readonly id: CommandId;
  readonly conversation: ConversationId;
  readonly users: readonly UserId[];
}

/** Removes a member. */
export interface Remove {
  readonly command: 'remove';
  readonly id: CommandId;
  readonly conversation: ConversationId;
  readonly user: UserId;
}

/** Leaves a group or channel. */
export interface Leave {
  readonly command: 'leave';
  readonly id: CommandId;
  readonly conversation: ConversationId;
}

/** Renames a group or channel. */
export interface Rename {
  readonly command: 'rename';
  readonly id: CommandId;
  readonly conversation: ConversationId;
  readonly name: string;
}

/** All queries. They only read. Their results are described at the methods of `Store` with the same names. */
export type Query =
  | SearchQueries
  | ThreadsQuery
  | InviteQuery
  | { readonly command: 'privacy' }
  | { readonly command: 'list'; readonly cursor: string | null }
  | { readonly command: 'listPage'; readonly after: ListPosition | null }
  | { readonly command: 'entry'; readonly conversation: ConversationId }
  | PageQuery
  | { readonly command: 'changes'; readonly conversation: ConversationId; readonly since: number }
  | { readonly command: 'messages'; readonly conversation: ConversationId; readonly names: readonly MessageName[] }
  /** Requests the earlier texts of an edited message with a modification below `before` (`null`: all), the newest first. */
  | {
      readonly command: 'versions';
      readonly conversation: ConversationId;
      readonly message: MessageName;
      readonly before: number | null;
    }
  | { readonly command: 'pins'; readonly conversation: ConversationId }
  /** Requests the messages that this user has hidden after `since`, a `hiddenAt`. */
  | { readonly command: 'hidden'; readonly conversation: ConversationId; readonly since: number }
  | { readonly command: 'members'; readonly conversation: ConversationId; readonly after: UserId | null }
  | { readonly command: 'readers'; readonly conversation: ConversationId; readonly sequence: number }
  /** Requests profiles by id. Unknown ids are omitted from the answer. At most `namesMax`. */
  | { readonly command: 'people'; readonly ids: readonly UserId[] }
  | { readonly command: 'findPeople'; readonly query: string; readonly after: UserId | null };

/** Requests a page of messages. */
export interface PageQuery {
  readonly command: 'page';
  readonly conversation: ConversationId;
  readonly anchor: PageAnchor;
  readonly limit: number;
  readonly check: MessageName | null;
  /** Sequence of the root of a thread: the page contains only the root and its replies, and `covers` refers to these. */
  readonly thread?: number;
}

/** The value of `ok` in the answer to each command. */
export interface Answers extends InviteAnswers, PrivacyAnswers, SearchAnswers, ThreadsAnswers {
  readonly createDirect: Committed<CreateResult>;
  readonly createGroup: Committed<CreateResult>;
  readonly send: Committed<SendResult>;
  readonly forward: Committed<SendResult>;
  readonly edit: Committed<TouchResult>;
  readonly recall: Committed<TouchResult>;
  readonly react: Committed<TouchResult>;
  readonly pin: Committed<TouchResult>;
  readonly hide: Committed<Done>;
  readonly add: Committed<Done>;
  readonly remove: Committed<Done>;
  readonly leave: Committed<Done>;
  readonly rename: Committed<Done>;
  readonly createChannel: Committed<CreateResult>;
  readonly createNotes: Committed<CreateResult>;
  readonly setRole: Committed<Done>;
  readonly configure: Committed<Done>;
  readonly setPicture: Committed<Done>;
  readonly delete: Committed<Done>;
  readonly arrange: Committed<Done>;
  readonly mute: Committed<Done>;
  readonly notify: Committed<Done>;
  readonly mark: Committed<Done>;
  readonly clear: Committed<Done>;
  readonly dismiss: Committed<Done>;
  readonly read: Done;
  readonly delivered: Done;
  readonly draft: DraftResult;
  readonly typing: Done;
  readonly watch: Done;
  readonly watchPresence: { readonly presence: readonly PresenceState[] };
  readonly present: Done;
  readonly list: ListAnswer;
  readonly listPage: ListPageAnswer;
  readonly entry: { readonly epoch: Epoch; readonly entry: Entry | null };
  readonly page: WirePage | NotMember | ConversationReset;
  readonly changes: WireChanges | NotMember | ConversationReset;
  readonly messages: WireMessages | NotMember;
  readonly versions: VersionsAnswer | NotMember;
  readonly pins: WirePins | NotMember;
  readonly hidden: HiddenAnswer | NotMember;
  readonly members: WireMembers | NotMember;
  readonly readers: WireReceipts | WireReadCount | NotMember;
  readonly people: { readonly people: readonly Profile[] };
  readonly findPeople: { readonly people: readonly Profile[]; readonly more: boolean };
}

/** An empty result. It is an object, so that fields can be added later. */
export type Done = Readonly<Record<never, never>>;

/** The result of a keyed command, the same for each repetition. The epoch is the current one; it is not stored with the key. */
export type Committed<Result> = Result & { readonly epoch: Epoch };

/** The result of creating or finding a conversation. */
export interface CreateResult {
  readonly conversation: ConversationId;
}

/** The result of sending. Together with the command, it makes the complete row of the new message, whose own modification is 0. */
export interface SendResult extends Pick<MessageRow, 'thread' | 'mentions'> {
  readonly sequence: number;
  readonly id: MessageId;
  readonly sentAt: number;
  readonly ordinal: number;
  /**
   * The conversation's modification after this commit. A client that knows a higher one must request the row again, because it may have
   * changed since (CH-9).
   */
  readonly modification: number;
  /** The files as the message contains them; absent if there are none. */
  readonly files?: readonly FileRef[];
}

/** The result of changing a message. */
export interface TouchResult {
  /** The conversation's modification after this commit. */
  readonly modification: number;
}

/** The result of storing a draft. */
export interface DraftResult {
  /** False if the base was stale, so that nothing was written. */
  readonly accepted: boolean;
  /** The current draft. */
  readonly draft: Draft;
}

/** A page in wire form. */
export interface WirePage {
  readonly outcome: 'page';
  readonly epoch: Epoch;
  readonly rows: readonly MessageRow[];
  readonly covers: readonly [low: number, high: number] | null;
  /** Sequences that the server's storage cannot read (CH-37). Absent if there are none. */
  readonly damaged?: readonly (readonly [low: number, high: number])[];
  readonly head: LogHead;
  /** The member's `hiddenAt` in the snapshot of this page. */
  readonly hiddenAt: number;
}

interface WirePins extends WireMessages {
  /** Present if further pinned messages did not fit into one answer (CM-5). */
  readonly more?: true;
}

/** Messages in wire form. */
export interface WireMessages {
  readonly outcome: 'messages';
  readonly epoch: Epoch;
  readonly rows: readonly MessageRow[];
  readonly head: LogHead;
  readonly hiddenAt: number;
}

/** Changed messages in wire form. */
export interface WireChanges {
  readonly outcome: 'changes';
  readonly epoch: Epoch;
  readonly since: number;
  readonly rows: readonly MessageRow[];
  readonly to: number;
  readonly more: boolean;
}

/** A page of members. */
export interface WireMembers {
  readonly outcome: 'members';
  readonly epoch: Epoch;
  readonly membersAt: number;
  readonly members: readonly { readonly user: UserId; readonly role: Role }[];
  readonly more: boolean;
}

/** Receipts of a small conversation. */
export interface WireReceipts {
  readonly outcome: 'receipts';
  readonly epoch: Epoch;
  readonly membersAt: number;
  readonly receipts: readonly Receipt[];
}

/** How many members of a large conversation were shown a message. */
export interface WireReadCount {
  readonly outcome: 'count';
  readonly epoch: Epoch;
  readonly count: number;
}
