import type { PresenceState, UserId } from '@everywire/chat';
import type { Presence } from './chat-client.js';

/** Maximum watched users. Equals the server's limit `watchedUsersMax`; the server refuses more. */
const WATCHED_MAX = 200;

const unknown: Presence = { state: 'unknown' };

/**
 * Tracks which users the application watches and their presence (whether they are online). Without a connection, every
 * presence is `unknown`.
 */
export class PresenceWatch {
  /** How many watches include a user, in the order of watching. */
  readonly #watched = new Map<UserId, number>();
  readonly #states = new Map<UserId, Presence>();
  readonly #listeners = new Set<() => void>();
  #reached = false;

  /** The users for the command `watchPresence`. If there are more than the limit, those watched most recently. */
  get users(): readonly UserId[] {
    return [...this.#watched.keys()].slice(-WATCHED_MAX);
  }

  get(user: UserId): Presence {
    return (this.#reached ? this.#states.get(user) : undefined) ?? unknown;
  }

  /** Watches users. @returns the unsubscribe function */
  watch(users: readonly UserId[], listener: () => void): () => void {
    for (const user of users) this.#lookAt(user);
    this.#listeners.add(listener);
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      this.#listeners.delete(listener);
      for (const user of users) this.#release(user);
    };
  }

  /** Records states that the server has sent. */
  learn(states: readonly PresenceState[]): void {
    for (const { user, state, lastSeenAt } of states) {
      // Discards a late state of a user who is not watched any more, because the next watch would show the stale state.
      if (!this.#watched.has(user)) continue;
      this.#states.set(user, state === 'online' ? { state } : { state, lastSeenAt });
    }
    this.#notify();
  }

  /**
   * Sets whether the server is reachable. While it is not, every state is unknown. The known states are kept, because
   * an interrupted session delivers all missed changes once it resumes.
   */
  reach(reached: boolean): void {
    if (reached === this.#reached) return;
    this.#reached = reached;
    this.#notify();
  }

  /** Forgets all states when the session is gone. */
  disconnected(): void {
    this.#states.clear();
    this.#notify();
  }

  /** Moves the user to the end of the order of watching. */
  #lookAt(user: UserId): void {
    const count = this.#watched.get(user) ?? 0;
    this.#watched.delete(user);
    this.#watched.set(user, count + 1);
  }

  #release(user: UserId): void {
    const count = (this.#watched.get(user) ?? 1) - 1;
    if (count > 0) this.#watched.set(user, count);
    else {
      this.#watched.delete(user);
      this.#states.delete(user);
    }
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}
