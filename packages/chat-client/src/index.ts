export type { DirectoryPosition, GroupSettings, InviteEntry, MemberPlace, Outline, Role } from '@everywire/chat';
export { markTerms, type SearchPosition, type SearchTerm, type TextStretch } from '@everywire/chat';
export {
  type AccountClient,
  createAccountClient,
  createLinkClient,
  type GroupLinkInfo,
  type Invitation,
  type LinkClient,
  type LinkInfo,
  type OwnAccount,
  type RegistrationChoice,
  type RegistrationMode,
  type RestCall,
} from './account-client.js';
export type {
  ChatClient,
  ChatClientOptions,
  ChatError,
  ChatSnapshot,
  ConversationEntry,
  LocalFile,
  LocatedMessage,
  MemberEntry,
  MessageActions,
  MessageNews,
  MessageOptions,
  MessageRowView,
  MessageVersion,
  Person,
  Presence,
  PreviewFile,
  Quote,
  ReactionView,
  Readers,
  ReceiptView,
  ServiceChangeView,
  Timeline,
  TimelineRow,
  TimelineSnapshot,
  Unsent,
  UploadOptions,
  WaitingFile,
} from './chat-client.js';
export { ChatFailure, type ChatFailureCode } from './chat-failure.js';
export { isProvisional, peerOf } from './core/provisional.js';
export { createChatClient } from './create-chat-client.js';
export type { Device } from './device.js';
export { eraseOtherAccounts } from './erase-other-accounts.js';
export type { Groups } from './groups.js';
export { formatInviteLink, type InviteLink, parseInviteLink } from './invite-link.js';
export {
  type AdministeredPerson,
  createPeopleAdministration,
  type PeopleAdministration,
} from './people-administration.js';
export { MUTE_FOREVER as muteForever, type PersonalSettings } from './personal-settings.js';
export type { Privacy, PrivacySettings } from './privacy-settings.js';
export { searchTerms } from './search.js';
export type {
  ConversationHit,
  ConversationSearchOptions,
  ConversationsFound,
  MessageHit,
  MessageSearchOptions,
  MessagesFound,
  Search,
} from './search-found.js';
export { register, type ServerInfo, type SignedIn, serverInfo, signIn, whoAmI } from './sign-in.js';
export type { FollowedThreads, FollowedThreadView, ThreadMessage } from './threads-found.js';
export type { TokenSource } from './token-source.js';
export { openFiles } from './upload-file.js';
