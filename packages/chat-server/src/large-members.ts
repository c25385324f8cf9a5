import type { CommitEvent, ConversationId, UserId } from '@everywire/chat';
import { stayChanges } from '@everywire/chat/internal';
import type { LiveSessions } from './live-sessions.js';

/** Maximum conversations that are remembered as looked up. When exceeded, all of them are looked up again. */
const SEARCHED_MAX = 100_000;

/**
 * Tracks which users of this node may be members of which large conversation, so that only those users are checked when
 * an event happens in it (CH-17). May contain users who are not members, but never lacks a member. Learns of members
 * when a user comes online, and from events that add users.
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
   * Returns whether some users of this node must still be looked up in the conversation, because it has just become
   * large or because `forgetAll` was called.
   */
  isNew(conversation: ConversationId): boolean {
    return !this.#searched.has(conversation);
  }

  /**
   * Returns the users whom the event may concern; for a new conversation, all users of this node. Excludes users whom
   * the event adds, because the event names them anyway. They are included from the next event on.
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

  /** Treats every conversation as new again. Needed when events that added users may have been missed. */
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
