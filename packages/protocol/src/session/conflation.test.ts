import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { addToSum } from '../checksum.js';
import { messageFromText } from '../message.js';
import { RunQueue } from './run-queue.js';
import { counts, type RecordedLink, ServerBench } from './test-kit/server-bench.js';

// Tests conflation: if a session lags, a message that waits unwritten is replaced by a later message with the same key,
// such as a price. `ServerBench` is one server node with a manual clock; the test plays the client.

/** A step of the random test: publish, acknowledge, end a tick, cut the link, or attach a link again. */
type Step =
  | { readonly do: 'publish'; readonly key: string | undefined }
  | { readonly do: 'ack'; readonly count: number }
  | { readonly do: 'turn' | 'cut' | 'again' };

/** A reader with a window of four, and every message ever written to it, by number. */
class Reader {
  readonly bench: ServerBench;
  /** The accepted messages, in the order of the calls. The text of a message is its index. */
  readonly calls: { readonly text: string; readonly key: string | undefined }[] = [];
  readonly read: Map<number, string> = new Map();
  #link: RecordedLink;
  #next = 1;
  #attaches = 1;
  #sum = 0;
  #received = 0;
  acked = 0;

  constructor(windowMessages: number, bufferMessagesMax = 4096) {
    const down = { messages: windowMessages, bytes: 1 << 20 };
    this.bench = new ServerBench({ limits: { down }, buffers: { bufferMessagesMax } });
    this.bench.open();
    this.#link = this.bench.attach();
    this.take();
  }

  do(step: Step): void {
    if (step.do === 'publish') this.publish(step.key);
    else if (step.do === 'ack') this.acknowledge(step.count);
    else this[step.do]();
  }

  /** Sends a message with this key; if the queue is full, conflates it and tries again. */
  publish(key: string | undefined): 'ok' | 'above' | 'full' | 'closed' {
    const message = messageFromText(`${this.calls.length}`);
    const { session } = this.bench;
    if (key !== undefined) {
      message.key = key;
      session.conflate();
    }
    let result = session.send(message);
    if (result === 'full' && session.squeeze()) result = session.send(message);
    if (result !== 'full') this.calls.push({ text: message.text, key });
    return result;
  }

  /** Ends a tick. */
  turn(): void {
    this.bench.flush();
    this.take();
  }

  /** Acknowledges this many more messages, at most those received. */
  acknowledge(count: number): void {
    this.acked = Math.min(this.#received, this.acked + count);
    const { acked } = this;
    const record = { t: 'ack', ...counts({ ack: acked, received: this.#received, sum: this.#sum >>> 0 }) } as const;
    this.#link.link.record(record, [], this.bench.now);
  }

  cut(): void {
    this.#link.link.ended(this.bench.now);
  }

  /** Attaches a new link. */
  again(): void {
    this.#attaches += 1;
    const { acked } = this;
    const stated = { ack: acked, received: this.#received, sum: this.#sum >>> 0 };
    this.#link = this.bench.attach(this.#attaches, stated);
    this.take();
  }

  /** Reads until nothing is left. */
  readAll(): void {
    this.again();
    while (this.bench.session.flow.outgoing.acked < this.bench.session.flow.outgoing.sent) {
      this.acknowledge(2);
      this.turn();
    }
  }

  /** Reads the output of the server. */
  take(): void {
    for (const item of this.#link.take()) {
      if (typeof item !== 'string') {
        if (item.t === 'attached') this.#next = item.first;
        continue;
      }
      const number = this.#next;
      this.#next += 1;
      // A number is never written again with another message.
      expect(this.read.get(number) ?? item).toBe(item);
      this.read.set(number, item);
      if (number !== this.#received + 1) continue;
      this.#received = number;
      this.#sum = addToSum(this.#sum, messageFromText(item).hash);
    }
  }

  /** The texts of all messages read, in the order of their numbers. */
  get texts(): string[] {
    return [...this.read].sort(([a], [b]) => a - b).map(([, text]) => text);
  }
}

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.record({ do: fc.constant('publish' as const), key: fc.constantFrom('a', 'b', 'c') }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('publish' as const), key: fc.constant(undefined) }) },
    { weight: 5, arbitrary: fc.record({ do: fc.constant('turn' as const) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('ack' as const), count: fc.integer({ min: 1, max: 4 }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('cut' as const, 'again' as const) }) },
  ),
  { maxLength: 120 },
);

describe('conflation', () => {
  it('[SN-33.4] [SN-5.13] conflation keeps the order, all messages without a key and the last message of each key', () => {
    fc.assert(
      fc.property(steps, fc.constantFrom(24, 4096), (list, bufferMax) => {
        const reader = new Reader(4, bufferMax);
        for (const step of list) reader.do(step);
        reader.readAll();
        const { calls, texts } = reader;
        const received = new Set(texts);
        expect(texts).toEqual(calls.map(({ text }) => text).filter((text) => received.has(text)));
        const missing = calls.filter(({ text }) => !received.has(text));
        for (const { text, key } of missing) {
          expect(key).toBeDefined();
          expect(calls.some((later) => later.key === key && Number(later.text) > Number(text))).toBe(true);
        }
        const { session } = reader.bench;
        expect([session.flow.outgoing.bufferedAmount, session.flow.outgoing.allowedBytes, session.done]).toEqual([
          0,
          0,
          null,
        ]);
      }),
      { numRuns: 400 },
    );
  });

  it('[SN-33.4] a reader that keeps up gets every message with a key, even several in one tick', () => {
    const reader = new Reader(256);
    for (let turn = 0; turn < 20; turn++) {
      for (let i = 0; i < 5; i++) reader.publish('a');
      reader.turn();
      reader.acknowledge(5);
    }
    expect(reader.texts).toHaveLength(100);
  });

  it('[SN-33.1] a reader that stalled gets the newest message of each key', () => {
    const reader = new Reader(4);
    for (let i = 0; i < 100; i++) {
      reader.publish(i % 2 ? 'a' : 'b');
      reader.turn();
    }
    expect(reader.texts).toEqual(['0', '1', '2', '3']);
    expect(reader.bench.session.flow.outgoing.sent).toBeLessThan(30);
    reader.acknowledge(4);
    reader.turn();
    expect(reader.texts).toEqual(['0', '1', '2', '3', '98', '99']);
  });

  it('[SN-33.1] [SN-23.2] conflation makes room in a full session and calls `drain`', () => {
    const reader = new Reader(4, 8);
    for (let i = 0; i < 8; i++) reader.publish('a');
    expect(reader.publish(undefined)).toBe('ok');
    expect(reader.bench.events).toContain('drain');
    for (let i = 0; i < 7; i++) expect(reader.publish('a')).not.toBe('full');
    reader.turn();
    reader.readAll();
    expect(reader.texts.at(-1)).toBe('15');
  });

  it('[SN-4.2] [SN-33.3] messages are not conflated while closing, because the last number has been stated', () => {
    const reader = new Reader(4);
    for (let i = 0; i < 20; i++) {
      reader.publish('a');
      if (i < 6) reader.turn();
    }
    reader.bench.session.close();
    const last = reader.bench.session.flow.outgoing.sent;
    reader.turn();
    reader.readAll();
    expect(reader.bench.session.flow.outgoing.sent).toBe(last);
  });
});

describe('a publish to a reader whose queue is full', () => {
  /** Fills an unread queue with 4,096 messages, then publishes by these keys. @returns messages inspected per publish */
  function inspectionsPerPublish(publishes: number, keyOf: (serial: number) => string | undefined): number {
    const { session } = new Reader(4, 4096).bench;
    session.conflate();
    let inspections = 0;
    const { messageAt } = RunQueue.prototype;
    RunQueue.prototype.messageAt = function (number) {
      inspections += 1;
      return messageAt.call(this, number);
    };
    onTestFinished(() => {
      RunQueue.prototype.messageAt = messageAt;
    });
    for (let serial = 0; serial < 4096 + publishes; serial += 1) {
      if (serial === 4096) inspections = 0;
      const message = messageFromText(`${serial}`);
      const key = keyOf(serial);
      Object.defineProperty(message, 'key', {
        get: () => {
          inspections += 1;
          return key;
        },
      });
      if (session.send(message) === 'full' && session.squeeze()) session.send(message);
    }
    return inspections / publishes;
  }

  it.each<[string, (serial: number) => string | undefined]>([
    ['nothing waiting can be replaced', (serial) => `${serial}`],
    ['one waiting message can be replaced', (serial) => `${serial % 4095}`],
    ['few waiting messages can be replaced', (serial) => (serial < 3950 ? undefined : `${serial % 8}`)],
    ['nearly all waiting messages can be replaced', (serial) => `${serial % 16}`],
  ])('[SN-33.1] a publish to a full queue inspects few messages if %s', (_, keyOf) => {
    expect(inspectionsPerPublish(2048, keyOf)).toBeLessThan(48);
  });

  it('[SN-33.1] a full queue gains room in bytes if large messages replace each other among many small ones', () => {
    const reader = new Reader(4);
    const { session } = reader.bench;
    session.conflate();
    const large = 'x'.repeat(1_500_000);
    for (let i = 0; i < 3000; i += 1) session.send(messageFromText(`${i}`));
    for (let i = 0; i < 20; i += 1) {
      const message = messageFromText(large);
      message.key = 'large';
      if (session.send(message) === 'full') expect([session.squeeze(), session.send(message)]).not.toContain('full');
    }
    expect(session.done).toBeNull();
  });
});
