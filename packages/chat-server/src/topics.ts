import type { ConversationId, UserId } from '@everywire/chat';

/*
 * Topics are joined by the server alone: a client cannot ask for one. What a topic carries is decided before it is
 * published, because whoever is in it gets all of it.
 */

/** Everything one person is told, on all their devices. */
export function userTopic(user: UserId): string {
  return `user:${user}`;
}

/** Receipts and typing of one conversation, to those of a person's sessions that have it open. */
export function watchTopic(conversation: ConversationId, user: UserId): string {
  return `watch:${conversation}:${user}`;
}

/** What others see of a person, to the sessions that asked. */
export function profileTopic(user: UserId): string {
  return `profile:${user}`;
}

/** Whether a person is there, to the sessions that look. */
export function presenceTopic(user: UserId): string {
  return `presence:${user}`;
}

/** What every node is told, each message once (`NodeMessage`). No session joins it. */
export const nodesTopic = 'nodes';
