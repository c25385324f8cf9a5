import type { PresenceState, UserId } from '@everywire/chat';

/** States that a session reports its user as present until `endsAt`, in milliseconds since the epoch. */
interface Lease {
  readonly user: UserId;
  readonly session: number;
  readonly endsAt: number;
}

/**
 * Tracks which users are present at a device. Each session of a present user has a lease, which expires unless it is
 * renewed. Leases are never stored, so that a crash leaves no user online. Each call returns the states that changed.
 * Times are in milliseconds since the epoch.
 */
export class PresenceLeases {
  readonly #leaseMs: number;
  readonly #leasesMax: number;
  /**
   * By session. All leases have the same length and a renewed one moves to the end, so insertion order is the order of
   * expiry.
   */
  readonly #leases = new Map<number, Lease>();
  readonly #online = new Map<UserId, number>();
  /** When each user left, in the order of leaving. Bounded like the leases. */
  readonly #lastSeen = new Map<UserId, number>();

  constructor(limits: { readonly leaseMs: number; readonly leasesMax: number }) {
    this.#leaseMs = limits.leaseMs;
    this.#leasesMax = limits.leasesMax;
  }

  /** Starts or renews a session's lease. When the table is full, evicts the least recently renewed one. */
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

  /** Ends a session's lease; no-op without one. */
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

  /** Ends leases that were not renewed in time, and those that would last too long because the clock was set back. */
  expire(now: number): readonly PresenceState[] {
    const changed: PresenceState[] = [];
    for (const lease of this.#leases.values()) {
      const leftMs = lease.endsAt - now;
      if (leftMs > 0 && leftMs <= this.#leaseMs) break;
      changed.push(...this.end(lease.session, Math.min(now, lease.endsAt)));
    }
    return changed;
  }

  /** Returns all users online here. */
  users(): readonly UserId[] {
    return [...this.#online.keys()];
  }

  /** Returns whether the session has a lease. */
  holds(session: number): boolean {
    return this.#leases.has(session);
  }

  /** Returns the state of a user; `away` without a time if nothing is known. */
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
