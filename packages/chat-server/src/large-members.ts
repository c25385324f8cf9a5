import type { CommitEvent, ConversationId, UserId } from '@everywire/chat';
import type { LiveSessions } from './live-sessions.js';

/**
 * Which of this node's people may be members of which large conversation: more than are, never fewer, so that an event is looked
 * at for those only (CH-17). Filled when somebody comes online, and by the events that add people.
 */
export class LargeMembers {
  readonly #sessions: LiveSessions;
  readonly #byConversation = new Map<ConversationId, Set<UserId>>();
  readonly #byUser = new Map<UserId, Set<ConversationId>>();

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
   * Who the event may concern; those it adds are told by name and follow from the next one. A conversation heard of for the first
   * time has just become large: everyone here may be in it.
   */
  candidates(event: CommitEvent): readonly UserId[] {
    const { conversation, row } = event;
    if (!this.#byConversation.has(conversation)) {
      for (const user of this.#sessions.users()) this.#add(conversation, user);
    }
    const users = this.#byConversation.get(conversation) ?? new Set();
    const joining = joiningBy(row);
    const others = [...users].filter((user) => !joining.includes(user));
    for (const user of joining) if (this.#sessions.isOnline(user)) this.#add(conversation, user);
    return others;
  }

  #add(conversation: ConversationId, user: UserId): void {
    this.#byConversation.set(conversation, (this.#byConversation.get(conversation) ?? new Set()).add(user));
    this.#byUser.set(user, (this.#byUser.get(user) ?? new Set()).add(conversation));
  }
}

function joiningBy(row: CommitEvent['row']): readonly UserId[] {
  if (row?.body.kind !== 'service') return [];
  const { service } = row.body;
  if (service.change === 'joined') return [row.sender];
  return service.change === 'added' ? service.users : [];
}
