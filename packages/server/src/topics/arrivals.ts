/** Publishers remembered for one topic. Above, the one that was quiet longest is met anew when it speaks again. */
const PUBLISHERS_MAX = 1_000;

/** What a publish is by its stamp: the `next` of its publisher, one that was there already, or one after a `gap` (SN-26). */
type Arrival = 'next' | 'again' | 'gap';

/** The highest counter seen of each publisher, by topic. A publisher that is new here begins wherever it is. */
export class Arrivals {
  #seen: WeakMap<object, Map<string, number>> = new WeakMap();

  /** One look-up a publish, whatever the number of members. */
  note(topic: object, publisher: string, counter: number): Arrival {
    let seen = this.#seen.get(topic);
    if (seen === undefined) {
      seen = new Map();
      this.#seen.set(topic, seen);
    }
    const last = seen.get(publisher);
    if (last !== undefined && counter <= last) return 'again';
    if (last === undefined && seen.size >= PUBLISHERS_MAX) {
      const [oldest] = seen.keys();
      seen.delete(oldest as string);
    }
    seen.set(publisher, counter);
    return last === undefined || counter === last + 1 ? 'next' : 'gap';
  }

  /** What a snapshot says of this topic (SN-24). */
  of(topic: object): readonly (readonly [publisher: string, counter: number])[] {
    return [...(this.#seen.get(topic) ?? [])];
  }

  /** Contact was lost and every topic was reset: whatever comes next is a beginning. */
  forget(): void {
    this.#seen = new WeakMap();
  }
}
