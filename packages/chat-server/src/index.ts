export { type ChatServer, type ChatServerOptions, createChatServer, type Place } from './chat-server.js';
export type { ChatServerLimits } from './limits.js';
export type { Log } from './log.js';
export type { PasswordCost } from './password-hasher.js';
