import type { CommitEvent, ConversationId, UserId } from '@everywire/chat';
import { stayChanges } from '@everywire/chat/internal';
import type { LiveSessions } from './live-sessions.js';

/** Conversations remembered as looked up. When exceeded, all are looked up again. */
const SEARCHED_MAX = 100_000;

/**
 * Tracks which users of this node may be members of which large conversation, so that an event is checked for those
 * only (CH-17). Contains more users than are members, never fewer. Learns when a user comes online, and from events
 * that add users.
 */
export class LargeMembers {
  readonly #sessions: LiveSessions;
  readonly #byConversation = new Map<ConversationId, Set<UserId>>();
  readonly #byUser = new Map<UserId, Set<ConversationId>>();
  /** Conversations for which all users here were looked up since the last `forgetAll`. */
  readonly #searched = new Set<ConversationId>();

  constructor(sessions: LiveSessions) {
    this.#sessions = sessions;
  }

  /**
   * Adds a user who came online, with the result of `Store.largeConversations` queried after that. No-op if the user is
   * offline again.
   */
  learn(user: UserId, conversations: readonly ConversationId[]): void {
    if (!this.#sessions.isOnline(user)) return;
    for (const conversation of conversations) this.#add(conversation, user);
  }

  /** Drops a user whose last session here ended. No-op while the user has another session. */
  forget(user: UserId): void {
    if (this.#sessions.isOnline(user)) return;
    for (const conversation of this.#byUser.get(user) ?? []) {
      const users = this.#byConversation.get(conversation);
      users?.delete(user);
      if (users?.size === 0) this.#byConversation.delete(conversation);
    }
    this.#byUser.delete(user);
  }

  /**
   * Returns whether some users here were not looked up in the conversation, because it has just become large or after
   * `forgetAll`. A user who was learned says nothing about the others.
   */
  isNew(conversation: ConversationId): boolean {
    return !this.#searched.has(conversation);
  }

  /**
   * Returns the users whom the event may concern, or all users here for a new conversation. Excludes users whom the
   * event adds: they are addressed by name, and become candidates from the next event.
   */
  candidates(event: CommitEvent): readonly UserId[] {
    const { conversation } = event;
    if (this.isNew(conversation)) {
      for (const user of this.#sessions.users()) this.#add(conversation, user);
      if (this.#searched.size >= SEARCHED_MAX) this.#searched.clear();
      this.#searched.add(conversation);
    }
    const users = this.#byConversation.get(conversation) ?? new Set();
    const { begun } = stayChanges(event);
    const others = [...users].filter((user) => !begun.includes(user));
    for (const user of begun) if (this.#sessions.isOnline(user)) this.#add(conversation, user);
    return others;
  }

  /** Removes users who were looked up and never were members. */
  exclude(conversation: ConversationId, users: readonly UserId[]): void {
    for (const user of users) {
      this.#byConversation.get(conversation)?.delete(user);
      this.#byUser.get(user)?.delete(conversation);
    }
  }

  /** Makes every conversation new again, because events that added users may have been missed. */
  forgetAll(): void {
    this.#byConversation.clear();
    this.#byUser.clear();
    this.#searched.clear();
  }

  #add(conversation: ConversationId, user: UserId): void {
    this.#byConversation.set(conversation, (this.#byConversation.get(conversation) ?? new Set()).add(user));
    this.#byUser.set(user, (this.#byUser.get(user) ?? new Set()).add(conversation));
  }
}
