import type { UserId } from '@everywire/chat';
import type { PresenceMessage } from './node-message.js';

interface OtherNode {
  /** Its people, and the round in which each was told last. */
  readonly users: Map<UserId, number>;
  /** Calls of `expire` since it was heard. */
  silentFor: number;
}

/** Calls of `expire`, one a second, after which a node that is not heard is taken for gone. */
const silentMax = 5;

/**
 * Who is in front of a device that is connected to another node, as that node tells. A node that falls silent takes its people with it. Each
 * call answers who came, and who left the last of those nodes that had them.
 */
export class PresenceElsewhere {
  readonly #nodes = new Map<string, OtherNode>();
  readonly #lastSeen = new Map<UserId, number>();
  readonly #usersMax: number;

  /** @param usersMax people remembered of each node, and of those who left */
  constructor(usersMax: number) {
    this.#usersMax = usersMax;
  }

  knows(node: string): boolean {
    return this.#nodes.has(node);
  }

  hear({ node, round, isWhole, online, away }: PresenceMessage): readonly UserId[] {
    const other = this.#nodes.get(node) ?? { users: new Map<UserId, number>(), silentFor: 0 };
    this.#nodes.set(node, other);
    other.silentFor = 0;
    const { users } = other;
    const begun = online.filter((user) => !this.has(user));
    for (const user of online) if (users.has(user) || users.size < this.#usersMax) users.set(user, round);
    for (const [user, lastSeenAt] of away) this.#rememberLeaving(user, lastSeenAt);
    const left = away.map(([user]) => user).filter((user) => users.delete(user));
    const gone = isWhole ? [...users].filter(([, told]) => told < round).map(([user]) => user) : [];
    for (const user of gone) users.delete(user);
    return [...begun, ...[...left, ...gone].filter((user) => !this.has(user))];
  }

  /** Call it once a second. */
  expire(): readonly UserId[] {
    const gone: UserId[] = [];
    for (const [node, other] of this.#nodes) {
      other.silentFor += 1;
      if (other.silentFor <= silentMax) continue;
      this.#nodes.delete(node);
      gone.push(...other.users.keys());
    }
    return gone.filter((user) => !this.has(user));
  }

  has(user: UserId): boolean {
    for (const { users } of this.#nodes.values()) if (users.has(user)) return true;
    return false;
  }

  /** Milliseconds since the epoch; `null`: nothing is known. */
  lastSeenAt(user: UserId): number | null {
    return this.#lastSeen.get(user) ?? null;
  }

  #rememberLeaving(user: UserId, at: number): void {
    const known = this.#lastSeen.get(user) ?? at;
    this.#lastSeen.delete(user);
    this.#lastSeen.set(user, Math.max(known, at));
    if (this.#lastSeen.size <= this.#usersMax) return;
    const oldest = this.#lastSeen.keys().next();
    if (!oldest.done) this.#lastSeen.delete(oldest.value);
  }
}
