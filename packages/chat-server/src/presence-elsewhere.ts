import type { UserId } from '@everywire/chat';
import type { PresenceMessage } from './node-message.js';

/** The presence that another node (server process) has reported. */
interface OtherNode {
  /** The users of the node, with the round in which each was last reported. */
  readonly users: Map<UserId, number>;
  /** Number of calls of `expire` since the node's last message. */
  silentFor: number;
}

/** Number of calls of `expire` (one per second) without a message after which a node counts as gone. */
const SILENT_MAX = 5;

/**
 * Tracks users who are present on other nodes, as those nodes report. A silent node's users are dropped. Each call
 * returns the users who came online, and those who left the last of these nodes.
 */
export class PresenceElsewhere {
  readonly #nodes = new Map<string, OtherNode>();
  readonly #lastSeen = new Map<UserId, number>();
  readonly #usersMax: number;

  /** @param usersMax users remembered for each node, and of those who left */
  constructor(usersMax: number) {
    this.#usersMax = usersMax;
  }

  /** Returns whether the node has reported before. */
  knows(node: string): boolean {
    return this.#nodes.has(node);
  }

  /** Applies a report. Returns the users whose presence changed. */
  receive({ node, round, isWhole, online, away }: PresenceMessage): readonly UserId[] {
    const other = this.#nodes.get(node) ?? { users: new Map<UserId, number>(), silentFor: 0 };
    this.#nodes.set(node, other);
    other.silentFor = 0;
    const { users } = other;
    const begun = online.filter((user) => !this.has(user));
    for (const user of online) if (users.has(user) || users.size < this.#usersMax) users.set(user, round);
    for (const [user, lastSeenAt] of away) this.#rememberLeaving(user, lastSeenAt);
    const left = away.map(([user]) => user).filter((user) => users.delete(user));
    const gone = isWhole ? [...users].filter(([, lastRound]) => lastRound < round).map(([user]) => user) : [];
    for (const user of gone) users.delete(user);
    return [...begun, ...[...left, ...gone].filter((user) => !this.has(user))];
  }

  /** Drops silent nodes. Returns the users who left. The caller must call this once a second. */
  expire(): readonly UserId[] {
    const gone: UserId[] = [];
    for (const [node, other] of this.#nodes) {
      other.silentFor += 1;
      if (other.silentFor <= SILENT_MAX) continue;
      this.#nodes.delete(node);
      gone.push(...other.users.keys());
    }
    return gone.filter((user) => !this.has(user));
  }

  /** Returns whether the user is present on another node. */
  has(user: UserId): boolean {
    for (const { users } of this.#nodes.values()) if (users.has(user)) return true;
    return false;
  }

  /** Returns milliseconds since the epoch; `null` if unknown. */
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
