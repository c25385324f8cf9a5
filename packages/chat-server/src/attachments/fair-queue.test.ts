import { expect, it } from 'vitest';
import { FairQueue } from './fair-queue.js';

// Tests `FairQueue`, which runs little work at once and is fair among keys (users): the key that used the least time
// goes first.

/** A queue with a manual clock, whose pieces of work end when the test ends them. `begun` has the order of their starts. */
class Bench {
  readonly begun: string[] = [];
  /** The result of each piece of work that has settled. */
  readonly answers = new Map<string, unknown>();
  readonly queue: FairQueue<string>;
  /** The signal of each piece of work, which aborts as soon as another key waits for it to end. */
  readonly awaited = new Map<string, AbortSignal>();
  now = 0;
  readonly #ends = new Map<string, () => void>();

  constructor(limits: Partial<ConstructorParameters<typeof FairQueue>[0]> = {}) {
    const all = { atOnce: 1, waitingPerKeyMax: 10, keysWaitingMax: 10, usedHalfLifeMs: 60_000, ...limits };
    this.queue = new FairQueue(all, () => this.now);
  }

  /** Queues one piece of work for each name; the first character of a name is its key. */
  async ask(...names: readonly string[]): Promise<void> {
    for (const name of names)
      void this.queue
        .run(name.charAt(0), (awaited) => {
          this.begun.push(name);
          this.awaited.set(name, awaited);
          return new Promise((resolve) => this.#ends.set(name, () => resolve(name)));
        })
        .then((answer) => this.answers.set(name, answer));
    await settled();
  }

  /** Ends a piece of work after `ms` milliseconds. */
  async endAfter(ms: number, name: string): Promise<void> {
    this.now += ms;
    await this.end(name);
  }

  async end(...names: readonly string[]): Promise<void> {
    for (const name of names) {
      this.#ends.get(name)?.();
      await settled();
    }
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('a long queue of one key delays another key by one piece of work', async () => {
  const bench = new Bench();
  await bench.ask('a1', 'a2', 'a3', 'a4', 'b1', 'c1', 'b2');
  await bench.end('a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4');
  expect(bench.begun).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4']);
  expect([...bench.answers.values()]).toEqual(bench.begun);
});

it('one key runs one piece of work at a time, even with capacity to spare', async () => {
  const bench = new Bench({ atOnce: 3 });
  await bench.ask('a1', 'a2', 'b1');
  expect(bench.begun).toEqual(['a1', 'b1']);
  await bench.end('b1');
  expect(bench.begun).toEqual(['a1', 'b1']);
  await bench.end('a1');
  expect(bench.begun).toEqual(['a1', 'b1', 'a2']);
});

it('a full queue of one key answers busy to that key alone', async () => {
  const bench = new Bench({ waitingPerKeyMax: 2 });
  await bench.ask('a1', 'a2', 'a3', 'a4', 'b1');
  expect([...bench.answers]).toEqual([['a4', 'busy']]);
  await bench.end('a1', 'b1', 'a2', 'a3');
  expect(bench.answers.get('b1')).toBe('b1');
  await bench.ask('a5');
  expect(bench.begun.at(-1)).toBe('a5');
});

it('a key beyond the limit of waiting keys is answered busy', async () => {
  const bench = new Bench({ keysWaitingMax: 2 });
  await bench.ask('a1', 'b1', 'c1', 'd1', 'b2');
  expect([...bench.answers]).toEqual([['d1', 'busy']]);
  await bench.end('a1', 'b1');
  await bench.ask('d2');
  expect(bench.answers.has('d2')).toBe(false);
});

it('work that fails frees its place', async () => {
  const queue = new FairQueue<string>({ atOnce: 1, waitingPerKeyMax: 1, keysWaitingMax: 1, usedHalfLifeMs: 1 });
  const failing = queue.run('a', () => Promise.reject(new Error('broken')));
  const next = queue.run('b', async () => 'done');
  await expect(failing).rejects.toThrow('broken');
  expect(await next).toBe('done');
});

it('the key with the least used time is next, even if another key has waited longer', async () => {
  const bench = new Bench();
  await bench.ask('a1', 'b1', 'a2');
  await bench.endAfter(3_000, 'a1');
  await bench.ask('b2', 'c1');
  await bench.endAfter(3_000, 'b1');
  await bench.endAfter(100, 'c1');
  await bench.ask('c2', 'd1');
  await bench.endAfter(3_000, 'a2');
  for (const name of ['d1', 'c2', 'b2']) await bench.endAfter(100, name);
  expect(bench.begun).toEqual(['a1', 'b1', 'c1', 'a2', 'd1', 'c2', 'b2']);
});

it('time that a key used long ago does not count', async () => {
  const bench = new Bench();
  await bench.ask('a1');
  await bench.endAfter(3_000, 'a1');
  bench.now += 20 * 60_000;
  await bench.ask('b1', 'a2');
  await bench.endAfter(100, 'b1');
  await bench.ask('b2');
  expect(bench.begun).toEqual(['a1', 'b1', 'a2']);
});

it('work is notified when another key waits, but not when its own key does', async () => {
  const bench = new Bench();
  await bench.ask('a1', 'a2');
  const isAwaited = (name: string) => bench.awaited.get(name)?.aborted;
  expect(isAwaited('a1')).toBe(false);
  await bench.ask('b1');
  expect(isAwaited('a1')).toBe(true);
  await bench.end('a1');
  expect([bench.begun.at(-1), isAwaited('b1')]).toEqual(['b1', true]);
  await bench.end('b1');
  expect([bench.begun.at(-1), isAwaited('a2')]).toEqual(['a2', false]);
});

it('a key with work in progress does not count as waiting for other keys', async () => {
  const bench = new Bench({ atOnce: 2 });
  await bench.ask('a1', 'b1', 'b2');
  expect(bench.awaited.get('a1')?.aborted).toBe(false);
  await bench.ask('c1');
  expect(bench.awaited.get('a1')?.aborted).toBe(true);
});
