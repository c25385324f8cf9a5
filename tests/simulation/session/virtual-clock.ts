/** A function that runs at a time. `order` is the number of its creation. */
interface Event {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/**
 * Virtual time. Runs events in the order of their time; events of the same time run in the order of their creation. The
 * events are stored in a binary heap.
 */
export class VirtualClock {
  /** The current virtual time in milliseconds. */
  now = 0;
  #order = 0;
  readonly #heap: Event[] = [];

  /** Whether no event is left. */
  get idle(): boolean {
    return this.#heap.length === 0;
  }

  /** The time of the next event; `Infinity` if there is none. */
  get next(): number {
    return this.#heap[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  /** Runs a function at a time, rounded up to whole milliseconds as in real timers, so that events may coincide. */
  at(time: number, run: () => void): void {
    const event = { at: Math.max(Math.ceil(time), this.now), order: this.#order, run };
    this.#order += 1;
    const heap = this.#heap;
    let index = heap.length;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(event, heap[parent] as Event)) break;
      heap[index] = heap[parent] as Event;
      index = parent;
    }
    heap[index] = event;
  }

  /** Runs a function after a delay in milliseconds. */
  after(delay: number, run: () => void): void {
    this.at(this.now + delay, run);
  }

  /** Runs the next event. There must be one. */
  step(): void {
    const heap = this.#heap;
    const first = heap[0] as Event;
    const last = heap.pop() as Event;
    if (heap.length > 0) this.#sink(last);
    this.now = first.at;
    first.run();
  }

  /** Puts an event at the root of the heap, and moves it down to its position. */
  #sink(event: Event): void {
    const heap = this.#heap;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1] as Event, heap[child] as Event)) child += 1;
      if (before(event, heap[child] as Event)) break;
      heap[index] = heap[child] as Event;
      index = child;
    }
    heap[index] = event;
  }
}

function before(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
