import type { PresenceState, UserId } from '@everywire/chat';
import type { PresenceMessage } from './node-message.js';
import { PresenceElsewhere } from './presence-elsewhere.js';
import { PresenceLeases } from './presence-leases.js';

/** Limits of `PresenceTracker`. `leaseMs` is the duration of a lease. */
export interface PresenceLimits {
  readonly leaseMs: number;
  readonly leasesMax: number;
}

/** Maximum users in one message to the other nodes. */
const PEOPLE_PER_MESSAGE = 1_000;

/**
 * Tracks presence on all nodes: the leases of this node's sessions, and the reports of other nodes. Each call returns
 * the states that changed for observers on this node. Times are in milliseconds since the epoch.
 */
export class PresenceTracker {
  readonly #leases: PresenceLeases;
  readonly #elsewhere: PresenceElsewhere;
  readonly #node: string | null;
  /**
   * Changes of users of this node since the last `takeMessages`: the time at which a user left; `null` if the user
   * came.
   */
  #changes = new Map<UserId, number | null>();
  #isAsked = false;
  #round = 0;

  /**
   * @param node unique among all processes, past ones included; `null` for a single node, which keeps no changes for
   *   others
   */
  constructor(limits: PresenceLimits, node: string | null) {
    this.#leases = new PresenceLeases(limits);
    this.#elsewhere = new PresenceElsewhere(limits.leasesMax);
    this.#node = node;
  }

  /** Starts or renews a session's lease. */
  renew(session: number, user: UserId, now: number): readonly PresenceState[] {
    return this.#changedHere(this.#leases.renew(session, user, now));
  }

  /** Ends a session's lease; no-op without one. */
  end(session: number, now: number): readonly PresenceState[] {
    return this.#changedHere(this.#leases.end(session, now));
  }

  /** Ends leases that were not renewed in time, and drops silent nodes. Call it once a second. */
  expire(now: number): readonly PresenceState[] {
    return [...this.#changedHere(this.#leases.expire(now)), ...this.#changedElsewhere(this.#elsewhere.expire())];
  }

  /** Returns whether the session has a lease. */
  holds(session: number): boolean {
    return this.#leases.holds(session);
  }

  /** Returns the state of a user over all nodes. */
  stateOf(user: UserId): PresenceState {
    const here = this.#leases.stateOf(user);
    if (here.state === 'online') return here;
    if (this.#elsewhere.has(user)) return { user, state: 'online', lastSeenAt: null };
    const lastSeenAt = Math.max(here.lastSeenAt ?? 0, this.#elsewhere.lastSeenAt(user) ?? 0);
    return { user, state: 'away', lastSeenAt: lastSeenAt === 0 ? null : lastSeenAt };
  }

  /**
   * Returns the report for the other nodes: the changes, or all users of this node if another node requested it.
   * Returns at least one message, so that the other nodes do not consider this node silent.
   */
  takeMessages(): readonly PresenceMessage[] {
    const node = this.#node;
    if (node === null) return [];
    const changes = [...this.#changes];
    const isWhole = this.#isAsked;
    if (isWhole) this.#round += 1;
    const online = isWhole ? this.#leases.users() : changes.flatMap(([user, left]) => (left === null ? [user] : []));
    const away = changes.flatMap(([user, left]) => (left === null ? [] : [[user, left] as const]));
    this.#changes = new Map();
    this.#isAsked = false;
    const count = Math.max(1, Math.ceil(Math.max(online.length, away.length) / PEOPLE_PER_MESSAGE));
    return Array.from({ length: count }, (_, part) => {
      const [from, to] = [part * PEOPLE_PER_MESSAGE, (part + 1) * PEOPLE_PER_MESSAGE];
      return {
        about: 'presence',
        node,
        round: this.#round,
        isWhole: isWhole && part === count - 1,
        online: online.slice(from, to),
        away: away.slice(from, to),
      } as const;
    });
  }

  /** Handles a node's request for a full report. The next `takeMessages` returns one. */
  asked(): void {
    this.#isAsked = true;
  }

  /** @returns whether the node has not reported before; the caller must request a full report from it */
  isNew({ node }: PresenceMessage): boolean {
    return !this.#elsewhere.knows(node);
  }

  /** Applies the report of another node. */
  receive(message: PresenceMessage): readonly PresenceState[] {
    return this.#changedElsewhere(this.#elsewhere.receive(message));
  }

  #changedHere(states: readonly PresenceState[]): readonly PresenceState[] {
    if (this.#node !== null) for (const { user, lastSeenAt } of states) this.#changes.set(user, lastSeenAt);
    return states.filter(({ user }) => !this.#elsewhere.has(user)).map(({ user }) => this.stateOf(user));
  }

  /** Returns the changed states, except for users who are online here. */
  #changedElsewhere(users: readonly UserId[]): readonly PresenceState[] {
    const others = users.filter((user) => this.#leases.stateOf(user).state !== 'online');
    return [...new Set(others)].map((user) => this.stateOf(user));
  }
}
