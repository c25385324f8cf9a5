import type { ConversationId, TypingEvent, UserId } from '@everywire/chat';
import type { CoreLimits } from './core-limits.js';

/**
 * Holds which users are typing in which conversation. A notice that a user is typing expires by itself, because the
 * event that ends it may be lost.
 */
export class TypingTable {
  readonly #limits: CoreLimits;
  /** When each notice expires, in milliseconds since the epoch. */
  readonly #endsAt = new Map<ConversationId, Map<UserId, number>>();

  constructor(limits: CoreLimits) {
    this.#limits = limits;
  }

  /** Applies a typing event. Returns whether the set of typing users changed. */
  apply({ conversation, user, typing }: TypingEvent, now: number): boolean {
    const users = this.#endsAt.get(conversation) ?? new Map<UserId, number>();
    const known = users.has(user);
    if (!typing) return this.stop(conversation, user);
    if (!known && users.size >= this.#limits.typingUsersMax) return false;
    users.set(user, now + this.#limits.typingExpiryMs);
    this.#endsAt.set(conversation, users);
    return !known;
  }

  /** Ends a notice, because the typed message has arrived. Returns whether anything changed. */
  stop(conversation: ConversationId, user: UserId): boolean {
    const users = this.#endsAt.get(conversation);
    const stopped = users?.delete(user) ?? false;
    if (users?.size === 0) this.#endsAt.delete(conversation);
    return stopped;
  }

  /** Ends expired notices. Returns the conversations whose typing users changed. */
  expire(now: number): readonly ConversationId[] {
    const changed = new Set<ConversationId>();
    for (const [conversation, users] of this.#endsAt) {
      for (const [user, endsAt] of users) {
        if (endsAt > now) continue;
        this.stop(conversation, user);
        changed.add(conversation);
      }
    }
    return [...changed];
  }

  /** Returns when the next notice expires, in milliseconds since the epoch; `null` if there is none. */
  get nextEndAt(): number | null {
    const ends = [...this.#endsAt.values()].flatMap((users) => [...users.values()]);
    return ends.length === 0 ? null : Math.min(...ends);
  }

  /** Returns the users typing in a conversation. */
  users(conversation: ConversationId): readonly UserId[] {
    return [...(this.#endsAt.get(conversation)?.keys() ?? [])];
  }
}
