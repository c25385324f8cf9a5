import type { Profile, UserId } from '@everywire/chat';
import type { Person } from './chat-client.js';

/** Ids asked for at once; the server's `namesMax`. */
const idsMax = 100;
/** People remembered; the oldest asked for goes first. */
const peopleMax = 20_000;
/** People kept on the device, of those the newest. */
const keptMax = 2_000;

/**
 * People by id. One who is not known yet is shown without a name and asked for, many at a time; `version` rises when somebody is another than
 * before. Whoever was asked for in a session is told of from then on (CM-14): they are asked for again only where hints may have been lost.
 */
export class PeopleDirectory {
  /** Oneself: never forgotten. */
  #me: Person;
  readonly #people = new Map<UserId, Person>();
  readonly #wanted = new Set<UserId>();
  /** Asked for since hints were last in doubt. */
  readonly #asked = new Set<UserId>();
  /** Told of while a question is under way, whose answer may be older. */
  readonly #told = new Set<UserId>();
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

  /** Whom to keep on the device, so that what it shows at first has names. */
  store(): readonly Person[] {
    return [...this.#people.values()].filter(({ displayName }) => displayName !== '').slice(-keptMax);
  }

  /** People as they were kept: shown until the server has said how they are now. */
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

  /** Takes people who came along with another answer. */
  learn(people: readonly Profile[]): void {
    for (const told of people) {
      const person = told.state === 'deleted' ? { ...told, displayName: this.#deletedName } : told;
      if (isSame(this.#known(person.id), person)) continue;
      this.#remember(person);
      this.#version += 1;
    }
  }

  /** Deleted accounts are called so from now on. */
  nameDeleted(name: string): void {
    this.#deletedName = name;
    this.learn([...this.#people.values()]);
    this.#changed();
  }

  /** What others see of somebody is this from now on. */
  told(person: Profile): void {
    if (this.#questions > 0) this.#told.add(person.id);
    this.learn([person]);
    this.#changed();
  }

  /** Hints may have been lost: who is shown is asked for again. Also what the sign-in said of oneself may be old. */
  doubt(): void {
    this.#asked.clear();
    this.#wanted.add(this.#me.id);
    // Whoever shows somebody asks for them anew.
    this.#version += 1;
    void this.#fetchWanted();
  }

  /** These people, asked for where that was not done. @throws ChatFailure */
  async fetch(ids: readonly UserId[]): Promise<readonly Person[]> {
    const unknown = ids.filter((id) => !this.#asked.has(id));
    for (let from = 0; from < unknown.length; from += idsMax) await this.#question(unknown.slice(from, from + idsMax));
    return ids.map((id) => this.person(id));
  }

  /** Asks for oneself, also where it is known. @throws ChatFailure */
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
      this.learn(people.filter(({ id }) => !this.#told.has(id)));
    } finally {
      this.#questions -= 1;
      if (this.#questions === 0) this.#told.clear();
    }
  }

  async #fetchWanted(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    // Those wanted in the same turn are asked for together.
    await Promise.resolve();
    try {
      while (this.#wanted.size > 0) {
        const ids = [...this.#wanted].slice(0, idsMax);
        await this.#question(ids);
        for (const id of ids) this.#wanted.delete(id);
        this.#changed();
      }
    } catch {
      // They stay wanted, and are asked for when the next session opens.
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
    if (!this.#people.has(person.id) && this.#people.size >= peopleMax) {
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
