import type { Query } from '@everywire/chat';
import type { Device } from './device.js';
import { comparePlaces, type Item, type Part, type PlaceOf, type Question } from './question.js';
import type { World } from './world.js';

/**
 * Runs a query to the end of its pages, while everything else happens. Checks each answer against the truth of that
 * moment: the right items in the right order, no others, and a next page exactly if there are more. All pages together
 * must contain every item that existed throughout, once.
 */
export class Walk {
  readonly #question: Question;
  readonly #device: Device;
  readonly #epoch: string;
  #query: Query;
  #from: PlaceOf | null = null;
  #answers = 0;
  /** The keys and places of items that existed throughout. */
  #still: ReadonlySet<string> | null = null;
  readonly #given: string[] = [];

  constructor(world: World, device: Device, question: Question) {
    this.#question = question;
    this.#device = device;
    this.#epoch = world.epoch;
    this.#query = question.query;
  }

  /** Fetches one more page; returns whether it was the last. */
  async goOn(world: World): Promise<boolean> {
    const { rule, truth, limit } = this.#question;
    const query = this.#query;
    if (world.epoch !== this.#epoch) return true;
    const reply = await world.ask(this.#device, query);
    const all = truth(world.truth, world.now);
    const fail = (what: string): true => {
      world.fail(rule, `${this.#device.name} asks ${JSON.stringify(query)}: ${what}`);
      return true;
    };
    world.trace?.(`${this.#device.name} asks ${JSON.stringify(query)} gets ${JSON.stringify(reply)}`);
    if ('error' in reply || (isOutcome(reply.ok) && reply.ok.outcome === 'not_member')) {
      const code = 'error' in reply ? reply.error.code : 'not_member';
      const wanted = 'refused' in all ? all.refused : 'an answer';
      return code === wanted || fail(`refused with ${code}, not ${wanted}`);
    }
    const part = this.#question.read(reply.ok);
    if ('refused' in all) return fail(`answered, not refused with ${all.refused}`);
    const wrong = this.#check(all, part, limit);
    if (wrong !== null) return fail(wrong);
    if (part.next === null) return this.#end(fail);
    this.#query = part.next.query;
    this.#from = part.next.place;
    this.#answers += 1;
    return this.#answers >= answersMax && fail(`no end after ${answersMax} answers`);
  }

  /** Checks that a page has exactly the true items between this cursor and the next. */
  #check(all: readonly Item[], { items, next }: Part, limit: number): string | null {
    const from = this.#from;
    const left = all
      .filter(({ place }) => from === null || comparePlaces(place, from) > 0)
      .toSorted((a, b) => comparePlaces(a.place, b.place));
    const due = next === null ? left : left.filter(({ place }) => comparePlaces(place, next.place) <= 0);
    const there = new Map(all.map((item) => [item.key, still(item)]));
    this.#still = new Set([...there.values()].filter((each) => this.#still?.has(each) ?? true));
    for (const { key } of items) this.#given.push(there.get(key) ?? key);
    if (items.length > limit) return `${items.length} in one answer`;
    if (next !== null && from !== null && comparePlaces(next.place, from) <= 0) return 'the cursor stands still';
    if (next !== null && due.length === left.length) return 'says there is more, and there is not';
    const [has, wanted] = [shown(items), shown(due)];
    return has === wanted ? null : `\n    has   ${has}\n    truth ${wanted}`;
  }

  #end(fail: (what: string) => true): true {
    for (const each of this.#still ?? []) {
      const times = this.#given.filter((given) => given === each).length;
      if (times !== 1) return fail(`${each} was there all the time, and given ${times} times`);
    }
    return true;
  }
}

/** Far more pages than the messages of a run can fill. */
const answersMax = 400;

function still({ key, place }: Item): string {
  return `${key} at ${place.join()}`;
}

function shown(items: readonly Pick<Item, 'key' | 'shows'>[]): string {
  return JSON.stringify(items.map(({ key, shows }) => [key, shows()]));
}

function isOutcome(ok: object): ok is { readonly outcome: string } {
  return 'outcome' in ok;
}
