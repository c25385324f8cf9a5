import type { CommitEvent, ConversationId, UserId } from '@everywire/chat';
import { stayChanges } from '@everywire/chat/internal';
import type { LiveSessions } from './live-sessions.js';

/** Conversations that are remembered as looked through. Above, all of them are looked through again. */
const searchedMax = 100_000;

/**
 * Which of this node's people may be members of which large conversation: more than are, never fewer, so that an event is looked
 * at for those only (CH-17). Filled when somebody comes online, and by the events that add people.
 */
export class LargeMembers {
  readonly #sessions: LiveSessions;
  readonly #byConversation = new Map<ConversationId, Set<UserId>>();
  readonly #byUser = new Map<UserId, Set<ConversationId>>();
  /** In these everybody here was looked for since what was known was forgotten. */
  readonly #searched = new Set<ConversationId>();

  constructor(sessions: LiveSessions) {
    this.#sessions = sessions;
  }

  /** The person came online; `conversations` is what `Store.largeConversations` answered after that. */
  learn(user: UserId, conversations: readonly ConversationId[]): void {
    if (!this.#sessions.isOnline(user)) return;
    for (const conversation of conversations) this.#add(conversation, user);
  }

  /** The person's last session here ended. */
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
   * Whether not everybody here was looked for in it: it has just become large, or what was known was forgotten. That somebody who connected is known to
   * be in it says nothing of the others.
   */
  isNew(conversation: ConversationId): boolean {
    return !this.#searched.has(conversation);
  }

  /** Who the event may concern; those it adds are told by name and follow from the next one. In a conversation that is new, everyone here may be. */
  candidates(event: CommitEvent): readonly UserId[] {
    const { conversation } = event;
    if (this.isNew(conversation)) {
      for (const user of this.#sessions.users()) this.#add(conversation, user);
      if (this.#searched.size >= searchedMax) this.#searched.clear();
      this.#searched.add(conversation);
    }
    const users = this.#byConversation.get(conversation) ?? new Set();
    const { begun } = stayChanges(event);
    const others = [...users].filter((user) => !begun.includes(user));
    for (const user of begun) if (this.#sessions.isOnline(user)) this.#add(conversation, user);
    return others;
  }

  /** These people were looked for in the conversation, and never were in it. */
  exclude(conversation: ConversationId, users: readonly UserId[]): void {
    for (const user of users) {
      this.#byConversation.get(conversation)?.delete(user);
      this.#byUser.get(user)?.delete(conversation);
    }
  }

  /** Events that added people may have been missed: every conversation is new again. */
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
