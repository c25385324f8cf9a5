import type { PresenceState, UserId } from '@everywire/chat';

interface Lease {
  readonly user: UserId;
  readonly session: number;
  readonly endsAt: number;
}

/**
 * Who is in front of a device: a lease per session, which ends by itself. Never stored, so that nobody stays online because a
 * process died. Each call answers the states that changed by it; time is passed in, in milliseconds since the epoch.
 */
export class PresenceLeases {
  readonly #leaseMs: number;
  readonly #leasesMax: number;
  /** By session. All leases are equally long and a renewed one is set anew, so insertion order is the order of ending. */
  readonly #leases = new Map<number, Lease>();
  readonly #online = new Map<UserId, number>();
  /** Insertion order is the order of leaving; bounded like the leases. */
  readonly #lastSeen = new Map<UserId, number>();

  constructor(limits: { readonly leaseMs: number; readonly leasesMax: number }) {
    this.#leaseMs = limits.leaseMs;
    this.#leasesMax = limits.leasesMax;
  }

  renew(session: number, user: UserId, now: number): readonly PresenceState[] {
    const known = this.#leases.delete(session);
    this.#leases.set(session, { session, user, endsAt: now + this.#leaseMs });
    if (known) return [];
    const count = this.#online.get(user) ?? 0;
    this.#online.set(user, count + 1);
    const changed = count === 0 ? [this.stateOf(user)] : [];
    const [oldest] = this.#leases.values();
    if (this.#leases.size <= this.#leasesMax || oldest === undefined) return changed;
    return [...changed, ...this.end(oldest.session, now)];
  }

  end(session: number, now: number): readonly PresenceState[] {
    const lease = this.#leases.get(session);
    if (lease === undefined) return [];
    this.#leases.delete(session);
    const count = (this.#online.get(lease.user) ?? 1) - 1;
    if (count > 0) {
      this.#online.set(lease.user, count);
      return [];
    }
    this.#online.delete(lease.user);
    this.#rememberLeaving(lease.user, now);
    return [this.stateOf(lease.user)];
  }

  /** Ends the leases that were not renewed in time, and those that a clock which was set back since would let last for longer. */
  expire(now: number): readonly PresenceState[] {
    const changed: PresenceState[] = [];
    for (const lease of this.#leases.values()) {
      const leftMs = lease.endsAt - now;
      if (leftMs > 0 && leftMs <= this.#leaseMs) break;
      changed.push(...this.end(lease.session, Math.min(now, lease.endsAt)));
    }
    return changed;
  }

  /** Everybody who is there. */
  users(): readonly UserId[] {
    return [...this.#online.keys()];
  }

  holds(session: number): boolean {
    return this.#leases.has(session);
  }

  stateOf(user: UserId): PresenceState {
    if (this.#online.has(user)) return { user, state: 'online', lastSeenAt: null };
    return { user, state: 'away', lastSeenAt: this.#lastSeen.get(user) ?? null };
  }

  #rememberLeaving(user: UserId, now: number): void {
    this.#lastSeen.delete(user);
    this.#lastSeen.set(user, now);
    if (this.#lastSeen.size <= this.#leasesMax) return;
    const oldest = this.#lastSeen.keys().next();
    if (!oldest.done) this.#lastSeen.delete(oldest.value);
  }
}
