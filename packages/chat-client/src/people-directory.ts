import type { Profile, UserId } from '@everywire/chat';
import type { Person } from './chat-client.js';
import type { ChatFailure } from './chat-failure.js';

/** Maximum ids in one request. Equals the server's limit `namesMax`. */
const IDS_MAX = 100;
/** Maximum people in the cache. When exceeded, evicts the person who was added first. */
const PEOPLE_MAX = 20_000;
/** Maximum people stored on the device: those added to the cache last. */
const KEPT_MAX = 2_000;

/**
 * Resolves people by id. An unknown person has no name until the directory has fetched it, in batches. `version` rises
 * when a person changes.
 *
 * The server sends hints (events that report changes and that may get lost) about all people who were requested in this
 * session (CM-14). The directory therefore requests a person again only if hints may have been lost.
 */
export class PeopleDirectory {
  /** The user's own profile; never evicted. */
  #me: Person;
  readonly #people = new Map<UserId, Person>();
  /** People who were asked for and must still be fetched. */
  readonly #wanted = new Set<UserId>();
  /** People who were fetched since hints may last have been lost. */
  readonly #asked = new Set<UserId>();
  /** People who were changed by an event while a request is in flight. The answer to the request may be older. */
  readonly #changedMeanwhile = new Set<UserId>();
  readonly #ask: (ids: readonly UserId[]) => Promise<readonly Profile[]>;
  readonly #changed: () => void;
  readonly #failed: (failure: ChatFailure) => void;
  #deletedName = 'Deleted account';
  #version = 0;
  /** Number of requests in flight. */
  #questions = 0;
  #asking = false;

  constructor(options: {
    readonly me: Person;
    readonly ask: (ids: readonly UserId[]) => Promise<readonly Profile[]>;
    readonly changed: () => void;
    /** Called when wanted people could not be fetched; they stay wanted until `fetchWanted`. */
    readonly failed: (failure: ChatFailure) => void;
  }) {
    this.#failed = options.failed;
    this.#ask = options.ask;
    this.#changed = options.changed;
    this.#me = options.me;
  }

  /** Returns the people to store, so that the list has names at the next start. */
  store(): readonly Person[] {
    return [...this.#people.values()].filter(({ displayName }) => displayName !== '').slice(-KEPT_MAX);
  }

  /** Restores people from the device's store. They are shown until the server sends their current profiles. */
  restore(people: readonly Person[]): void {
    this.learn(people.filter(({ id }) => this.#known(id) === undefined));
  }

  get version(): number {
    return this.#version;
  }

  get me(): Person {
    return this.#me;
  }

  /** Returns a person, without a name if unknown, and requests an unknown or stale person from the server. */
  person(id: UserId): Person {
    if (!this.#asked.has(id) && !this.#wanted.has(id)) {
      this.#wanted.add(id);
      void this.fetchWanted();
    }
    const known = this.#known(id);
    if (known !== undefined) return known;
    const unknown = { id, name: '', displayName: '' };
    this.#remember(unknown);
    return unknown;
  }

  /** Adds people who were contained in an answer of the server. */
  learn(people: readonly Profile[]): void {
    for (const profile of people) {
      const person = profile.state === 'deleted' ? { ...profile, displayName: this.#deletedName } : profile;
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

  /** Applies an event that reports a changed profile. */
  applyProfile(person: Profile): void {
    if (this.#questions > 0) this.#changedMeanwhile.add(person.id);
    this.learn([person]);
    this.#changed();
  }

  /**
   * Marks all people as possibly stale, because hints may have been lost. Requests the user's own profile now and the
   * other people when they are shown again.
   */
  markStale(): void {
    this.#asked.clear();
    this.#wanted.add(this.#me.id);
    // A new version makes all views render again, and so request the people whom they show.
    this.#version += 1;
    void this.fetchWanted();
  }

  /** Returns these people after fetching those that are unknown or stale. @throws ChatFailure */
  async fetch(ids: readonly UserId[]): Promise<readonly Person[]> {
    const unknown = ids.filter((id) => !this.#asked.has(id));
    for (let from = 0; from < unknown.length; from += IDS_MAX)
      await this.#question(unknown.slice(from, from + IDS_MAX));
    return ids.map((id) => this.person(id));
  }

  /** Fetches the user's own profile even if it is known. @throws ChatFailure */
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
      this.learn(people.filter(({ id }) => !this.#changedMeanwhile.has(id)));
    } finally {
      this.#questions -= 1;
      if (this.#questions === 0) this.#changedMeanwhile.clear();
    }
  }

  /** Requests the people that are still wanted. */
  async fetchWanted(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    // Waits for the end of the current task, so that one request fetches all people wanted in it.
    await Promise.resolve();
    try {
      while (this.#wanted.size > 0) {
        const ids = [...this.#wanted].slice(0, IDS_MAX);
        await this.#question(ids);
        for (const id of ids) this.#wanted.delete(id);
        this.#changed();
      }
    } catch (failure) {
      this.#failed(failure as ChatFailure);
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
