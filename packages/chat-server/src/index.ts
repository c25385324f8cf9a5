export { type ChatServer, type ChatServerOptions, createChatServer } from './chat-server.js';
export { checkTlsPair, type TlsPair } from './https-server.js';
export type { ChatServerLimits } from './limits.js';
export type { Log } from './log.js';
export type { PasswordCost } from './password-hasher.js';
export type { Place } from './place.js';
