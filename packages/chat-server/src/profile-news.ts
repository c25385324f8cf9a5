import type { Accounts, Profile, UserId } from '@everywire/chat';
import type { LiveSession } from './live-sessions.js';
import type { Log } from './log.js';
import { profile } from './profile.js';
import { profileTopic } from './topics.js';

/**
 * Told to those who look: what others see of a person who changed it (CM-14). At once, and of one person again after the next `flush` at the
 * earliest, so that nobody who is looked at by thousands can keep them all busy. What is told is read anew each time, so the last word is the last change.
 */
export class ProfileNews {
  readonly #accounts: Pick<Accounts, 'users'>;
  readonly #tell: (profile: Profile) => void;
  readonly #log: Log;
  readonly #told = new Set<UserId>();
  readonly #waiting = new Set<UserId>();

  constructor(accounts: Pick<Accounts, 'users'>, tell: (profile: Profile) => void, log: Log) {
    this.#accounts = accounts;
    this.#tell = tell;
    this.#log = log;
  }

  changed(user: UserId): void {
    if (this.#told.has(user)) {
      this.#waiting.add(user);
      return;
    }
    this.#told.add(user);
    this.#accounts.users([user]).then(
      ([found]) => {
        if (found !== undefined) this.#tell(profile(found));
      },
      (error: unknown) => this.#log.error('A changed profile could not be told.', error),
    );
  }

  /** Once a second. */
  flush(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    this.#told.clear();
    for (const user of waiting) this.changed(user);
  }
}

/** The session asks who these people are: from now on it is told what changes, of those it asked about last. */
export function lookAtPeople({ wire, people }: LiveSession, users: readonly UserId[], peopleMax: number): void {
  for (const user of users) {
    if (!people.delete(user)) wire.join(profileTopic(user));
    people.add(user);
  }
  for (const user of people) {
    if (people.size <= peopleMax) return;
    people.delete(user);
    wire.leave(profileTopic(user));
  }
}
