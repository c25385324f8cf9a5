import type { ConversationId, TypingEvent, UserId } from '@everywire/chat';
import type { CoreLimits } from './core-limits.js';

/** Who is typing where: each notice ends by itself, so that one lost hint leaves nobody typing for ever. */
export class TypingTable {
  readonly #limits: CoreLimits;
  /** When each notice ends, milliseconds since the epoch. */
  readonly #endsAt = new Map<ConversationId, Map<UserId, number>>();

  constructor(limits: CoreLimits) {
    this.#limits = limits;
  }

  /** Whether anything changed. */
  apply({ conversation, user, typing }: TypingEvent, now: number): boolean {
    const users = this.#endsAt.get(conversation) ?? new Map<UserId, number>();
    const known = users.has(user);
    if (!typing) return this.stop(conversation, user);
    if (!known && users.size >= this.#limits.typingUsersMax) return false;
    users.set(user, now + this.#limits.typingExpiryMs);
    this.#endsAt.set(conversation, users);
    return !known;
  }

  /** What they typed has arrived. Whether anything changed. */
  stop(conversation: ConversationId, user: UserId): boolean {
    const users = this.#endsAt.get(conversation);
    const stopped = users?.delete(user) ?? false;
    if (users?.size === 0) this.#endsAt.delete(conversation);
    return stopped;
  }

  /** Conversations in which a notice ended. */
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

  /** When `expire` next has something to do, or `null`. */
  get nextEndAt(): number | null {
    const ends = [...this.#endsAt.values()].flatMap((users) => [...users.values()]);
    return ends.length === 0 ? null : Math.min(...ends);
  }

  users(conversation: ConversationId): readonly UserId[] {
    return [...(this.#endsAt.get(conversation)?.keys() ?? [])];
  }
}
