import type { PresenceState, UserId } from '@everywire/chat';
import type { Presence } from './chat-client.js';

/** The server's `watchedUsersMax`: it refuses more. */
const watchedMax = 200;

const unknown: Presence = { state: 'unknown' };

/** Whose presence somebody looks at, and what is known of it. While there is no connection nothing is known. */
export class PresenceWatch {
  readonly #watched = new Map<UserId, number>();
  readonly #states = new Map<UserId, Presence>();
  readonly #listeners = new Set<() => void>();
  #reached = false;

  /** The people to be told of, for `watchPresence`; of too many those who were looked at last. */
  get users(): readonly UserId[] {
    return [...this.#watched.keys()].slice(-watchedMax);
  }

  get(user: UserId): Presence {
    return (this.#reached ? this.#states.get(user) : undefined) ?? unknown;
  }

  /** @returns the end of this watch */
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

  learn(states: readonly PresenceState[]): void {
    for (const { user, state, lastSeenAt } of states) {
      // Discards a late state of a user whom nobody watches any more: the next watch would show it out of date.
      if (!this.#watched.has(user)) continue;
      this.#states.set(user, state === 'online' ? { state } : { state, lastSeenAt });
    }
    this.#tell();
  }

  /** Whether the server can be reached. A session that is cut off brings what it missed once it goes on: until then nothing is claimed. */
  reach(reached: boolean): void {
    if (reached === this.#reached) return;
    this.#reached = reached;
    this.#tell();
  }

  /** The session is gone, and with it what was told in it. */
  disconnected(): void {
    this.#states.clear();
    this.#tell();
  }

  /** Moves the person to the end of the order in which people were looked at. */
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

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
