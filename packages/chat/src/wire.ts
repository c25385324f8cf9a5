import type { ErrorCode } from './error-codes.js';
import type { PresenceState } from './events.js';
import type { FileRef } from './message.js';
import type { CommandId, ConversationId, Draft, Epoch, Head, MessageId, MessageName, Role, UserId } from './model.js';
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
import type { OwnCommand } from './wire-own.js';
import type { PrivacyAnswers, PrivacyCommand } from './wire-privacy.js';
import type { SearchAnswers, SearchQueries } from './wire-search.js';
import type { ThreadsAnswers, ThreadsQuery } from './wire-threads.js';

/**
 * What goes over a session, as JSON texts. The client sends `Request`s; the server answers each with one `Answer` of the same `i`, in any
 * order, and sends `ServerEvent`s of its own accord. Every answer about the log and every commit carries the epoch.
 *
 * ```
 * > {"i":3,"command":"send","id":"0f…","conversation":7,"text":"hello"}      < {"i":3,"ok":{"sequence":101,"id":"9c…",…}}
 * > {"i":4,"command":"rename","id":"1a…","conversation":7,"name":""}         < {"i":4,"error":{"code":"invalid","retryable":false}}
 *                                                                            < {"event":"commit","epoch":"…","conversation":7,…}
 * ```
 */
export type Request = { readonly i: number } & (Command | Query);

/** `i` is the request's: a non-negative integer, not reused while unanswered. */
export type Answer =
  | { readonly i: number; readonly ok: Answers[keyof Answers] }
  | { readonly i: number; readonly error: WireError };

export interface WireError {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  /** Of `edit_conflict`: the message as it is. */
  readonly row?: MessageRow;
}

/** Commands with an `id` are idempotent by it (CH-18) and kept in the client's outbox; the others are not. */
export type Command = KeyedCommand | CursorCommand | SessionCommand;

export type KeyedCommand =
  | CreateDirect
  | CreateGroup
  | Add
  | Remove
  | Leave
  | Rename
  | GroupCommand
  | OwnCommand
  | InviteCommand
  | PrivacyCommand
  | MessageCommand;

export interface CreateDirect {
  readonly command: 'createDirect';
  readonly id: CommandId;
  readonly peer: UserId;
  /**
   * `message`: a new one is in no list before the first message in it. `never`: only the one that exists is found, else `not_found`.
   * Absent: a new one is listed at once.
   */
  readonly begins?: 'message' | 'never';
}

export interface CreateGroup {
  readonly command: 'createGroup';
  readonly id: CommandId;
  readonly name: string;
  /** Besides the creator. */
  readonly users: readonly UserId[];
}

/** Adds, or adds again: rejoining is a new period (CH-3). */
export interface Add {
  readonly command: 'add';
  readonly id: CommandId;
  readonly conversation: ConversationId;
  readonly users: readonly UserId[];
}

export interface Remove {
  readonly command: 'remove';
  readonly id: CommandId;
  readonly conversation: ConversationId;
  readonly user: UserId;
}

export interface Leave {
  readonly command: 'leave';
  readonly id: CommandId;
  readonly conversation: ConversationId;
}

export interface Rename {
  readonly command: 'rename';
  readonly id: CommandId;
  readonly conversation: ConversationId;
  readonly name: string;
}

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
  /** The texts that a message had before it was edited, the newest first; those below `before`. */
  | {
      readonly command: 'versions';
      readonly conversation: ConversationId;
      readonly message: MessageName;
      readonly before: number | null;
    }
  | { readonly command: 'pins'; readonly conversation: ConversationId }
  /** What was hidden after `since`, a `hiddenAt`. */
  | { readonly command: 'hidden'; readonly conversation: ConversationId; readonly since: number }
  | { readonly command: 'members'; readonly conversation: ConversationId; readonly after: UserId | null }
  | { readonly command: 'readers'; readonly conversation: ConversationId; readonly sequence: number }
  /** Profiles by id; unknown ids are left out. At most `namesMax`. */
  | { readonly command: 'people'; readonly ids: readonly UserId[] }
  | { readonly command: 'findPeople'; readonly query: string; readonly after: UserId | null };

export interface PageQuery {
  readonly command: 'page';
  readonly conversation: ConversationId;
  readonly anchor: PageAnchor;
  readonly limit: number;
  readonly check: MessageName | null;
  /** Sequence of a root: only it and its replies; `covers` then speaks of those alone. */
  readonly thread?: number;
}

/** The body of `ok` for each command. */
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

/** An object, so that fields can be added. */
export type Done = Readonly<Record<never, never>>;

/** A keyed command's result, the first or a repeated one, with the present epoch, which is not kept with the key. */
export type Committed<Result> = Result & { readonly epoch: Epoch };

export interface CreateResult {
  readonly conversation: ConversationId;
}

/** With the command itself, all of the new message's row, whose own modification is 0 at first. */
export interface SendResult extends Pick<MessageRow, 'thread' | 'mentions'> {
  readonly sequence: number;
  readonly id: MessageId;
  readonly sentAt: number;
  readonly ordinal: number;
  /** The conversation's, as of this commit: a client that has come further may have missed touches of the row, and asks (CH-9). */
  readonly modification: number;
  /** As they were attached; absent for none. */
  readonly files?: readonly FileRef[];
}

export interface TouchResult {
  /** The conversation's, as of this commit. */
  readonly modification: number;
}

export interface DraftResult {
  /** False: the base was stale and nothing was written. */
  readonly accepted: boolean;
  /** The draft as it now is. */
  readonly draft: Draft;
}

export interface WirePage {
  readonly outcome: 'page';
  readonly epoch: Epoch;
  readonly rows: readonly MessageRow[];
  readonly covers: readonly [low: number, high: number] | null;
  /** CH-37: sequences that the server's storage cannot give back. Absent: none. */
  readonly damaged?: readonly (readonly [low: number, high: number])[];
  readonly head: Head;
  /** The member's, as of the snapshot. */
  readonly hiddenAt: number;
}

interface WirePins extends WireMessages {
  /** Further ones did not fit into one answer (CM-5). */
  readonly more?: true;
}

export interface WireMessages {
  readonly outcome: 'messages';
  readonly epoch: Epoch;
  readonly rows: readonly MessageRow[];
  readonly head: Head;
  readonly hiddenAt: number;
}

export interface WireChanges {
  readonly outcome: 'changes';
  readonly epoch: Epoch;
  readonly since: number;
  readonly rows: readonly MessageRow[];
  readonly to: number;
  readonly more: boolean;
}

export interface WireMembers {
  readonly outcome: 'members';
  readonly epoch: Epoch;
  readonly membersAt: number;
  readonly members: readonly { readonly user: UserId; readonly role: Role }[];
  readonly more: boolean;
}

export interface WireReceipts {
  readonly outcome: 'receipts';
  readonly epoch: Epoch;
  readonly membersAt: number;
  readonly receipts: readonly Receipt[];
}

export interface WireReadCount {
  readonly outcome: 'count';
  readonly epoch: Epoch;
  readonly count: number;
}
