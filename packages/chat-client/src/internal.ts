export { ChatCore, type CommandOutcome, type StoredCore } from './core/chat-core.js';
export { type CoreLimits, coreLimits } from './core/core-limits.js';
export type { DraftWrite } from './core/draft-writes.js';
export type { CoreEntry } from './core/entry-views.js';
export type { KeptDraft } from './core/local-draft.js';
export type { OutboxItem, OutboxWrite } from './core/outbox.js';
export type { ClientRequest, OutgoingRequest } from './core/request-queue.js';
