import type { PresenceState, UserId } from '@everywire/chat';
import type { PresenceMessage } from './node-message.js';
import { PresenceElsewhere } from './presence-elsewhere.js';
import { PresenceLeases } from './presence-leases.js';

export interface PresenceLimits {
  readonly leaseMs: number;
  readonly leasesMax: number;
}

/** People that one message to the other nodes names. */
const peoplePerMessage = 1_000;

/**
 * Who is there, on whichever node: the leases of this one's sessions, and what the others tell of theirs. Each call answers the states that
 * changed by it, for who looks from this node. Time is passed in, in milliseconds since the epoch.
 */
export class Presence {
  readonly #leases: PresenceLeases;
  readonly #elsewhere: PresenceElsewhere;
  readonly #node: string | null;
  /** What became of people here since the last `tell`: when they left, or `null`: they are there. */
  #changes = new Map<UserId, number | null>();
  #isAsked = false;
  #round = 0;

  /** @param node a name that no other process has or had; `null` where there is no other node, and nothing is kept for it */
  constructor(limits: PresenceLimits, node: string | null) {
    this.#leases = new PresenceLeases(limits);
    this.#elsewhere = new PresenceElsewhere(limits.leasesMax);
    this.#node = node;
  }

  renew(session: number, user: UserId, now: number): readonly PresenceState[] {
    return this.#changedHere(this.#leases.renew(session, user, now));
  }

  end(session: number, now: number): readonly PresenceState[] {
    return this.#changedHere(this.#leases.end(session, now));
  }

  /** Ends what was not renewed in time, and what nodes said that are silent. Call it once a second. */
  expire(now: number): readonly PresenceState[] {
    return [...this.#changedHere(this.#leases.expire(now)), ...this.#changedElsewhere(this.#elsewhere.expire())];
  }

  holds(session: number): boolean {
    return this.#leases.holds(session);
  }

  stateOf(user: UserId): PresenceState {
    const here = this.#leases.stateOf(user);
    if (here.state === 'online') return here;
    if (this.#elsewhere.has(user)) return { user, state: 'online', lastSeenAt: null };
    const lastSeenAt = Math.max(here.lastSeenAt ?? 0, this.#elsewhere.lastSeenAt(user) ?? 0);
    return { user, state: 'away', lastSeenAt: lastSeenAt === 0 ? null : lastSeenAt };
  }

  /** For the other nodes: what changed, or where one of them asked, everybody who is here. Never empty, so that they hear this one. */
  tell(): readonly PresenceMessage[] {
    const node = this.#node;
    if (node === null) return [];
    const changes = [...this.#changes];
    const isWhole = this.#isAsked;
    if (isWhole) this.#round += 1;
    const online = isWhole ? this.#leases.users() : changes.flatMap(([user, left]) => (left === null ? [user] : []));
    const away = changes.flatMap(([user, left]) => (left === null ? [] : [[user, left] as const]));
    this.#changes = new Map();
    this.#isAsked = false;
    const count = Math.max(1, Math.ceil(Math.max(online.length, away.length) / peoplePerMessage));
    return Array.from({ length: count }, (_, part) => {
      const [from, to] = [part * peoplePerMessage, (part + 1) * peoplePerMessage];
      return {
        ...{ about: 'presence', node, round: this.#round, isWhole: isWhole && part === count - 1 },
        ...{ online: online.slice(from, to), away: away.slice(from, to) },
      } as const;
    });
  }

  /** Another node asks who is here: the next `tell` says it. */
  asked(): void {
    this.#isAsked = true;
  }

  /** @returns whether that node's people are not known yet: it has to be asked */
  isNew({ node }: PresenceMessage): boolean {
    return !this.#elsewhere.knows(node);
  }

  hear(message: PresenceMessage): readonly PresenceState[] {
    return this.#changedElsewhere(this.#elsewhere.hear(message));
  }

  #changedHere(states: readonly PresenceState[]): readonly PresenceState[] {
    if (this.#node !== null) for (const { user, lastSeenAt } of states) this.#changes.set(user, lastSeenAt);
    return states.filter(({ user }) => !this.#elsewhere.has(user)).map(({ user }) => this.stateOf(user));
  }

  /** Who is here is there, whatever others say. */
  #changedElsewhere(users: readonly UserId[]): readonly PresenceState[] {
    const others = users.filter((user) => this.#leases.stateOf(user).state !== 'online');
    return [...new Set(others)].map((user) => this.stateOf(user));
  }
}
