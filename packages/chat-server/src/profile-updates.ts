import type { Accounts, Profile, UserId } from '@everywire/chat';
import type { LiveSession } from './live-sessions.js';
import type { Logger } from './logger.js';
import { profile } from './profile.js';
import { profileTopic } from './topics.js';

/**
 * Notifies observers of changed profiles (CM-14). Sends the first change of a user immediately and further ones after
 * the next `flush`, so that a user with thousands of observers cannot flood them. Reads the profile each time it is
 * sent, so that the last message has the last change.
 */
export class ProfileUpdates {
  readonly #accounts: Pick<Accounts, 'users'>;
  readonly #publish: (profile: Profile) => void;
  readonly #log: Logger;
  readonly #published = new Set<UserId>();
  readonly #waiting = new Set<UserId>();

  constructor(accounts: Pick<Accounts, 'users'>, publish: (profile: Profile) => void, log: Logger) {
    this.#accounts = accounts;
    this.#publish = publish;
    this.#log = log;
  }

  /** Reports that a user's profile changed. */
  changed(user: UserId): void {
    if (this.#published.has(user)) {
      this.#waiting.add(user);
      return;
    }
    this.#published.add(user);
    this.#accounts.users([user]).then(
      ([found]) => {
        if (found !== undefined) this.#publish(profile(found));
      },
      (error: unknown) => this.#log.error('A changed profile could not be published.', error),
    );
  }

  /** Sends the waiting changes. The caller must call this once a second. */
  flush(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    this.#published.clear();
    for (const user of waiting) this.changed(user);
  }
}

/**
 * Subscribes the session to the profiles of `users`, and unsubscribes the least recently requested ones beyond
 * `peopleMax`. Leaves before it joins, so that a session never exceeds its number of topics (`sessionTopicsMax`).
 */
export function lookAtPeople({ wire, people }: LiveSession, users: readonly UserId[], peopleMax: number): void {
  const asked = new Set(users);
  const byAge = [...[...people].filter((user) => !asked.has(user)), ...asked];
  const kept = new Set(byAge.slice(Math.max(0, byAge.length - peopleMax)));
  for (const user of [...people]) {
    if (kept.has(user)) continue;
    people.delete(user);
    wire.leave(profileTopic(user));
  }
  for (const user of asked) {
    if (!kept.has(user)) continue;
    if (!people.delete(user)) wire.join(profileTopic(user));
    people.add(user);
  }
}
