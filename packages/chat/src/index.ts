export type { AccountStates } from './account-states.js';
export type { Accounts } from './accounts.js';
export { type DifferingLimit, LimitsDifferError } from './agreed-limits.js';
export type { BytesMax } from './answer-bytes.js';
export {
  type ChatErrorCode,
  chatErrorCodes,
  commandErrorCodes,
  type ErrorMeaning,
  errorSentence,
  type RestErrorCode,
} from './chat-error-codes.js';
export type { CommandContext } from './command-context.js';
export { isCursorCommand, isKeyedCommand, isQuery } from './command-names.js';
export type { CommandDecision, CommandPlan, CommandResult } from './command-plan.js';
export type { CreatedCredential, Credential, RevokedCredentials } from './credentials.js';
export { type CursorPlan, planDelivered, planRead } from './decide-cursors.js';
export { planEraseText, planEraseUnseen } from './decide-departure.js';
export { planDraft } from './decide-draft.js';
export type { Departures, Membership } from './departures.js';
export type {
  CommitEvent,
  OwnEvent,
  PresenceEvent,
  PresenceState,
  ProfileEvent,
  ReceiptEvent,
  ResyncEvent,
  ServerEvent,
  TypingEvent,
} from './events.js';
export { commitAudience, type NoticeAudience, receiptAudience } from './fan-out.js';
export type { FileRecord, FileRecords } from './file-records.js';
export {
  type ByteRange,
  checkFileName,
  type FileName,
  type Files,
  FilesError,
  type FilesErrorCode,
  isFileName,
} from './files.js';
export { type GroupSettings, groupSettings } from './group-settings.js';
export { type ChatLimits, chatLimits } from './limits.js';
export type { AccountLink, AccountLinkKind, Joined, LinkPosition, Redeemed } from './links.js';
export type {
  FileKind,
  FileRef,
  Mentions,
  Message,
  MessageBody,
  MessageMarks,
  Reaction,
  ServiceChange,
  TextBody,
  Version,
} from './message.js';
export type {
  CommandId,
  CommandKey,
  Conversation,
  ConversationId,
  ConversationKind,
  DirectKey,
  Draft,
  Ended,
  Epoch,
  Follow,
  Hidden,
  Invite,
  LogHead,
  Member,
  MemberPlace,
  MessageId,
  MessageName,
  NotificationRule,
  Period,
  Role,
  UserId,
} from './model.js';
export type { MembersNotice, Notice } from './notice.js';
export { notificationRules } from './notification-rule.js';
export {
  type Action,
  checkEntryPermission,
  checkPermission,
  checkPermissionOver,
  checkPermissionToGive,
} from './permission.js';
export { commandText, planCommand } from './plan-command.js';
export type {
  SearchAnswer,
  SearchHas,
  SearchPlace,
  SearchPosition,
  SearchRequest,
  SearchWanted,
} from './search.js';
export { isSelf, type ParsedSearch, parseSearch, type SearchQuery } from './search-query.js';
export { markTerms, type SearchTerm, type TextStretch } from './search-text.js';
export type { SecondFactor } from './second-factors.js';
export {
  type ChangeOutcome,
  type ChangeRequest,
  type Changes,
  type ChangeTarget,
  type CommitHealth,
  type Decision,
  type MemberChangeOutcome,
  type MemberChangeRequest,
  type MemberDecision,
  type MemberRows,
  type Needs,
  noChanges,
  noNeeds,
  type Position,
  type Refused,
  type Rows,
  type Store,
  StoreError,
  type StoreErrorCode,
} from './store.js';
export type {
  ChangesAnswer,
  ConversationReset,
  ConversationsAnswer,
  FollowedThreadAnswer,
  HiddenAnswer,
  InvitationAnswer,
  InvitesAnswer,
  ListAnswer,
  ListPageAnswer,
  ListPosition,
  MembersAnswer,
  MessagesAnswer,
  NotMember,
  Page,
  PageAnchor,
  PageAnswer,
  PageRequest,
  PeriodsView,
  ReadersAnswer,
  ThreadsAnswer,
  VersionsAnswer,
} from './store-answers.js';
export type { ExportedTable, ExportedValue, StoreExport } from './store-export.js';
export type {
  AccountRole,
  AccountState,
  ChangeCondition,
  ChangeOfState,
  ChangeOfUser,
  Erasure,
  Identity,
  NewUser,
  PrivateDetails,
  Profile,
  TextsOfDeleted,
  User,
  UserChange,
} from './user.js';
export type { Entry, MessageRow, Peer, Receipt, ThreadEntry } from './views.js';
export type {
  Add,
  Answers,
  ChatErrorBody as WireError,
  Command,
  CommandAnswer,
  Committed,
  CreateDirect,
  CreateGroup,
  CreateResult,
  Done,
  DraftResult,
  KeyedCommand,
  Leave,
  PageQuery,
  Query,
  Remove,
  Rename,
  Request,
  SendResult,
  TouchResult,
  WireChanges,
  WireMembers,
  WireMessages,
  WirePage,
  WireReadCount,
  WireReceipts,
} from './wire.js';
export type {
  CursorCommand,
  Delivered,
  Present,
  Read,
  SessionCommand,
  SetDraft,
  Typing,
  Watch,
  WatchPresence,
} from './wire-cursors.js';
export type {
  Configure,
  CreateChannel,
  CreateNotes,
  DeleteConversation,
  GroupCommand,
  SetPicture,
  SetRole,
} from './wire-groups.js';
export type {
  CreateInvite,
  DirectoryPosition,
  InviteAnswers,
  InviteCommand,
  InviteEntry,
  InviteQuery,
  InviteResult,
  Join,
  Outline,
  RevokeInvite,
} from './wire-invites.js';
export type { Edit, Forward, Hide, MessageCommand, Pin, React, Recall, Send } from './wire-messages.js';
export type { Arrange, Clear, Dismiss, Mark, Mute, Notify, PersonalCommand } from './wire-own.js';
export type { Block, Privacy, PrivacyAnswers, PrivacyCommand, SetReceipts } from './wire-privacy.js';
export type { SearchAnswers, SearchQueries } from './wire-search.js';
export type { ThreadRow, ThreadsAnswers, ThreadsQuery } from './wire-threads.js';
