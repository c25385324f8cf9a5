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
    this.#people.set(options.me.id, options.me);
  }

  get version(): number {
    return this.#version;
  }

  person(id: UserId): Person {
    const known = this.#people.get(id);
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
    const unknown = ids.filter((id) => !this.#people.get(id)?.name);
    for (let from = 0; from < unknown.length; from += idsMax)
      this.learn(await this.#ask(unknown.slice(from, from + idsMax)));
    return ids.map((id) => this.person(id));
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

  #remember(person: Person): void {
    if (this.#people.size >= peopleMax) {
      const [oldest] = this.#people.keys();
      if (oldest !== undefined) this.#people.delete(oldest);
    }
    this.#people.set(person.id, person);
  }
}
