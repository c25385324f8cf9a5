import type { Profile, UserId } from '@everywire/chat';
import type { Person } from './chat-client.js';

/** Ids asked for at once; the server's `namesMax`. */
const idsMax = 100;
/** People remembered; the oldest asked for goes first. */
const peopleMax = 20_000;

/**
 * Names of people by id. A name not known yet is shown empty and asked for, many at a time; `version` rises when names came.
 * Names change rarely, so what was learnt in this session is not asked again.
 */
export class PeopleDirectory {
  /** Oneself: never forgotten. */
  #me: Person;
  readonly #people = new Map<UserId, Person>();
  readonly #wanted = new Set<UserId>();
  readonly #ask: (ids: readonly UserId[]) => Promise<readonly Profile[]>;
  readonly #changed: () => void;
  #version = 0;
  #asking = false;

  constructor(options: {
    readonly me: Person;
    readonly ask: (ids: readonly UserId[]) => Promise<readonly Profile[]>;
    readonly changed: () => void;
  }) {
    this.#ask = options.ask;
    this.#changed = options.changed;
    this.#me = options.me;
    // What the sign-in said may be old: the name and the picture are changed on other devices too.
    this.#wanted.add(options.me.id);
  }

  get version(): number {
    return this.#version;
  }

  get me(): Person {
    return this.#me;
  }

  person(id: UserId): Person {
    const known = this.#known(id);
    if (known !== undefined) return known;
    const unknown = { id, name: '', displayName: '' };
    this.#remember(unknown);
    this.#wanted.add(id);
    void this.fetchWanted();
    return unknown;
  }

  /** Takes people who came along with another answer. */
  learn(people: readonly Profile[]): void {
    for (const person of people) {
      this.#wanted.delete(person.id);
      this.#remember(person);
    }
    this.#version += 1;
  }

  /** These people, asked for where they are not known. @throws ChatFailure */
  async fetch(ids: readonly UserId[]): Promise<readonly Person[]> {
    const unknown = ids.filter((id) => !this.#known(id)?.name);
    for (let from = 0; from < unknown.length; from += idsMax)
      this.learn(await this.#ask(unknown.slice(from, from + idsMax)));
    return ids.map((id) => this.person(id));
  }

  /** Asks for oneself, also where it is known. @throws ChatFailure */
  async fetchMe(): Promise<Person> {
    this.learn(await this.#ask([this.#me.id]));
    this.#changed();
    return this.#me;
  }

  /** Asks for the names that are still wanted; called again when a session opens. */
  async fetchWanted(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    // Names wanted in the same turn are asked for together.
    await Promise.resolve();
    try {
      while (this.#wanted.size > 0) {
        const ids = [...this.#wanted].slice(0, idsMax);
        const people = await this.#ask(ids);
        for (const id of ids) this.#wanted.delete(id);
        this.learn(people);
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
    if (this.#people.size >= peopleMax) {
      const [oldest] = this.#people.keys();
      if (oldest !== undefined) this.#people.delete(oldest);
    }
    this.#people.set(person.id, person);
  }
}
