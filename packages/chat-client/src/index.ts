export type {
  ChatClient,
  ChatClientOptions,
  ChatError,
  ChatSnapshot,
  ConversationEntry,
  MemberEntry,
  Person,
  Presence,
  Receipt,
  ServiceChange,
  Timeline,
  TimelineRow,
  TimelineSnapshot,
} from './chat-client.js';
export { ChatFailure, type ChatFailureCode } from './chat-failure.js';
export { createChatClient } from './create-chat-client.js';
export { register, type ServerInfo, type SignedIn, serverInfo, signIn } from './sign-in.js';
