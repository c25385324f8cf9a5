import type { Profile, UserId } from '@everywire/chat';
import type { Person } from './chat-client.js';

/** Ids in one request; the server's `namesMax`. */
const IDS_MAX = 100;
/** People cached; evicts the one requested longest ago. */
const PEOPLE_MAX = 20_000;
/** People stored on the device, the newest of those cached. */
const KEPT_MAX = 2_000;

/**
 * Resolves people by id. An unknown one has no name until it is fetched, in batches; `version` rises when a person changes. The
 * server reports changes of people requested in this session (CM-14), so they are requested again only if hints may have been
 * lost.
 */
export class PeopleDirectory {
  /** The user's own profile; never evicted. */
  #me: Person;
  readonly #people = new Map<UserId, Person>();
  readonly #wanted = new Set<UserId>();
  /** Requested since hints were last in doubt. */
  readonly #asked = new Set<UserId>();
  /** Changed by events while a request is in flight, whose answer may be older. */
  readonly #applyProfile = new Set<UserId>();
  readonly #ask: (ids: readonly UserId[]) => Promise<readonly Profile[]>;
  readonly #changed: () => void;
  #deletedName = 'Deleted account';
  #version = 0;
  #questions = 0;
  #asking = false;

  constructor(options: {
    readonly me: Person;
    readonly ask: (ids: readonly UserId[]) => Promise<readonly Profile[]>;
    readonly changed: () => void;
  }) {
    this.#ask = options.ask;
    this.#changed = options.changed;
    this.#me = options.me;
  }

  /** Returns the people to store, so that the list has names at the next start. */
  store(): readonly Person[] {
    return [...this.#people.values()].filter(({ displayName }) => displayName !== '').slice(-KEPT_MAX);
  }

  /** Restores stored people, shown until the server sends current ones. */
  restore(people: readonly Person[]): void {
    this.learn(people.filter(({ id }) => this.#known(id) === undefined));
  }

  get version(): number {
    return this.#version;
  }

  get me(): Person {
    return this.#me;
  }

  person(id: UserId): Person {
    if (!this.#asked.has(id) && !this.#wanted.has(id)) {
      this.#wanted.add(id);
      void this.#fetchWanted();
    }
    const known = this.#known(id);
    if (known !== undefined) return known;
    const unknown = { id, name: '', displayName: '' };
    this.#remember(unknown);
    return unknown;
  }

  /** Takes people contained in another answer. */
  learn(people: readonly Profile[]): void {
    for (const applyProfile of people) {
      const person =
        applyProfile.state === 'deleted' ? { ...applyProfile, displayName: this.#deletedName } : applyProfile;
      if (isSame(this.#known(person.id), person)) continue;
      this.#remember(person);
      this.#version += 1;
    }
  }

  /** Sets the display name of deleted accounts. */
  nameDeleted(name: string): void {
    this.#deletedName = name;
    this.learn([...this.#people.values()]);
    this.#changed();
  }

  /** Applies a profile event. */
  applyProfile(person: Profile): void {
    if (this.#questions > 0) this.#applyProfile.add(person.id);
    this.learn([person]);
    this.#changed();
  }

  /**
   * Requests shown people again, because hints may have been lost. Also the user's own profile, which may be stale since
   * sign-in.
   */
  markStale(): void {
    this.#asked.clear();
    this.#wanted.add(this.#me.id);
    // Views that show people request them again.
    this.#version += 1;
    void this.#fetchWanted();
  }

  /** Returns these people, fetching unknown ones. @throws ChatFailure */
  async fetch(ids: readonly UserId[]): Promise<readonly Person[]> {
    const unknown = ids.filter((id) => !this.#asked.has(id));
    for (let from = 0; from < unknown.length; from += IDS_MAX)
      await this.#question(unknown.slice(from, from + IDS_MAX));
    return ids.map((id) => this.person(id));
  }

  /** Fetches the user's own profile, even if known. @throws ChatFailure */
  async fetchMe(): Promise<Person> {
    await this.#question([this.#me.id]);
    this.#changed();
    return this.#me;
  }

  async #question(ids: readonly UserId[]): Promise<void> {
    this.#questions += 1;
    try {
      const people = await this.#ask(ids);
      for (const id of ids) this.#asked.add(id);
      this.learn(people.filter(({ id }) => !this.#applyProfile.has(id)));
    } finally {
      this.#questions -= 1;
      if (this.#questions === 0) this.#applyProfile.clear();
    }
  }

  async #fetchWanted(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    // Batches all people wanted in the same tick.
    await Promise.resolve();
    try {
      while (this.#wanted.size > 0) {
        const ids = [...this.#wanted].slice(0, IDS_MAX);
        await this.#question(ids);
        for (const id of ids) this.#wanted.delete(id);
        this.#changed();
      }
    } catch {
      // They stay wanted, and are requested when the next session opens.
    } finally {
      this.#asking = false;
    }
  }

  #known(id: UserId): Person | undefined {
    return id === this.#me.id ? this.#me : this.#people.get(id);
  }

  #remember(person: Person): void {
    if (person.id === this.#me.id) {
      this.#me = person;
      return;
    }
    if (!this.#people.has(person.id) && this.#people.size >= PEOPLE_MAX) {
      const [oldest] = this.#people.keys();
      if (oldest !== undefined) this.#people.delete(oldest);
    }
    this.#people.set(person.id, person);
  }
}

const shown = ['name', 'displayName', 'avatar', 'status', 'guest', 'state'] as const;

function isSame(a: Person | undefined, b: Person): boolean {
  return a !== undefined && shown.every((part) => a[part] === b[part]);
}
