import type { Query } from '@everywire/chat';
import type { Device } from './device.js';
import { comparePlaces, type Item, type Part, type PlaceOf, type Question } from './question.js';
import type { World } from './world.js';

/**
 * Runs a query page by page, while other things happen in the simulation. Checks each page against the truth (the
 * expected state) of that moment: it has the right items in the right order, no others, and a cursor to a next page
 * exactly if there are more. All pages together must contain every item that existed throughout, once.
 */
export class Walk {
  readonly #question: Question;
  readonly #device: Device;
  readonly #epoch: string;
  #query: Query;
  /** The position of the last cursor; `null` before the first page. */
  #from: PlaceOf | null = null;
  #answers = 0;
  /** The keys and positions of items that existed throughout; `null` before the first page. */
  #lasting: ReadonlySet<string> | null = null;
  /** The keys and positions of all received items. */
  readonly #received: string[] = [];

  constructor(world: World, device: Device, question: Question) {
    this.#question = question;
    this.#device = device;
    this.#epoch = world.epoch;
    this.#query = question.query;
  }

  /** Fetches and checks one more page. Returns whether it was the last. Reports violations to the world. */
  async goOn(world: World): Promise<boolean> {
    const { rule, truth, limit } = this.#question;
    const query = this.#query;
    if (world.epoch !== this.#epoch) return true;
    const reply = await world.ask(this.#device, query);
    const expected = truth(world.truth, world.now);
    const fail = (what: string): true => {
      world.fail(rule, `${this.#device.name} asks ${JSON.stringify(query)}: ${what}`);
      return true;
    };
    world.trace?.(`${this.#device.name} asks ${JSON.stringify(query)} gets ${JSON.stringify(reply)}`);
    if ('error' in reply || (isOutcome(reply.ok) && reply.ok.outcome === 'not_member')) {
      const code = 'error' in reply ? reply.error.code : 'not_member';
      const wanted = 'refused' in expected ? expected.refused : 'an answer';
      return code === wanted || fail(`refused with ${code}, not ${wanted}`);
    }
    const part = this.#question.read(reply.ok);
    if ('refused' in expected) return fail(`answered, not refused with ${expected.refused}`);
    const wrong = this.#check(expected, part, limit);
    if (wrong !== null) return fail(wrong);
    if (part.next === null) return this.#end(fail);
    this.#query = part.next.query;
    this.#from = part.next.place;
    this.#answers += 1;
    return this.#answers >= answersMax && fail(`no end after ${answersMax} answers`);
  }

  /** Checks that a page has exactly the expected items between this cursor and the next. Returns the violation, or `null`. */
  #check(all: readonly Item[], { items, next }: Part, limit: number): string | null {
    const from = this.#from;
    const left = all
      .filter(({ place }) => from === null || comparePlaces(place, from) > 0)
      .toSorted((a, b) => comparePlaces(a.place, b.place));
    const due = next === null ? left : left.filter(({ place }) => comparePlaces(place, next.place) <= 0);
    const present = new Map(all.map((item) => [item.key, nameOf(item)]));
    this.#lasting = new Set([...present.values()].filter((each) => this.#lasting?.has(each) ?? true));
    for (const { key } of items) this.#received.push(present.get(key) ?? key);
    if (items.length > limit) return `${items.length} in one answer`;
    if (next !== null && from !== null && comparePlaces(next.place, from) <= 0) return 'the cursor stands still';
    if (next !== null && due.length === left.length) return 'says there is more, and there is not';
    const [has, wanted] = [shown(items), shown(due)];
    return has === wanted ? null : `\n    has   ${has}\n    truth ${wanted}`;
  }

  /** Checks that every item that existed throughout was received once. */
  #end(fail: (what: string) => true): true {
    for (const each of this.#lasting ?? []) {
      const times = this.#received.filter((received) => received === each).length;
      if (times !== 1) return fail(`${each} was there all the time, and given ${times} times`);
    }
    return true;
  }
}

/** The most pages of a query. Far more than the messages of a run can fill. */
const answersMax = 400;

/** Identifies an item at a position. An item that moved is another one. */
function nameOf({ key, place }: Item): string {
  return `${key} at ${place.join()}`;
}

function shown(items: readonly Pick<Item, 'key' | 'shows'>[]): string {
  return JSON.stringify(items.map(({ key, shows }) => [key, shows()]));
}

function isOutcome(ok: object): ok is { readonly outcome: string } {
  return 'outcome' in ok;
}
