import type { ConversationId, UserId } from '@everywire/chat';

/*
 * The names of topics. Only the server makes sessions join topics; a client cannot request one. Access is decided before
 * publishing, because every session in a topic receives everything.
 */

/** Returns the topic of everything sent to one user, on all devices. */
export function userTopic(user: UserId): string {
  return `user:${user}`;
}

/** Returns the topic of receipts and typing in one conversation, for a user's sessions that have it open. */
export function watchTopic(conversation: ConversationId, user: UserId): string {
  return `watch:${conversation}:${user}`;
}

/** Returns the topic of a user's profile, for sessions that requested it. */
export function profileTopic(user: UserId): string {
  return `profile:${user}`;
}

/** Returns the topic of a user's presence, for sessions that watch it. */
export function presenceTopic(user: UserId): string {
  return `presence:${user}`;
}

/** The topic of messages to every node, each sent once (`NodeMessage`). No session joins it. */
export const NODES_TOPIC = 'nodes';
