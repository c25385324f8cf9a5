import type { Broker, Publication, StampedPublication } from '@everywire/server';
import { afterEach, describe, expect, it } from 'vitest';

/** Opens one more broker of the named installation: brokers of one installation reach each other, others never. */
export type CreateBroker = (installation: string) => Broker | Promise<Broker>;

let installations = 0;

/** The contract of the `Broker` port; every adapter runs it whole. */
export function describeBrokerContract(name: string, createBroker: CreateBroker): void {
  describe(`broker contract: ${name}`, () => {
    const opened: Broker[] = [];
    const installation = (): string => `contract-${process.pid}-${++installations}`;

    async function open(of: string): Promise<{ broker: Broker; got: StampedPublication[] }> {
      const broker = await createBroker(of);
      const got: StampedPublication[] = [];
      broker.onPublication = (publication) => got.push(publication);
      opened.push(broker);
      return { broker, got };
    }

    afterEach(async () => {
      for (const broker of opened.splice(0)) await broker.close();
    });

    it('[SN-26.2] delivers to its own subscribers too, but never from inside publish', async () => {
      const { broker, got } = await open(installation());
      await broker.subscribe('room');
      const published = broker.publish(text('room', 'one'));
      expect(got).toEqual([]);
      await published;
      await arrived(() => got.length === 1);
      expect(got.map(plain)).toEqual([text('room', 'one')]);
    });

    it('[SN-26.2] keeps the order of one publisher on one topic, at every subscriber', async () => {
      const of = installation();
      const nodes = [await open(of), await open(of), await open(of)];
      for (const { broker } of nodes) await broker.subscribe('room');
      const wanted = Array.from({ length: 200 }, (_, i) => text('room', String(i)));
      await Promise.all(wanted.map((publication) => nodes[0]!.broker.publish(publication)));
      await arrived(() => nodes.every(({ got }) => got.length === wanted.length));
      for (const { got } of nodes) expect(got.map(plain)).toEqual(wanted);
    });

    it("[SN-26.2] keeps each publisher's order when two publish at once", async () => {
      const of = installation();
      const [a, b, reader] = [await open(of), await open(of), await open(of)];
      await reader.broker.subscribe('room');
      const sent: Promise<void>[] = [];
      for (let i = 0; i < 100; i++)
        sent.push(a.broker.publish(text('room', `a${i}`)), b.broker.publish(text('room', `b${i}`)));
      await Promise.all(sent);
      await arrived(() => reader.got.length === 200);
      const data = reader.got.map((publication) => String(publication.data));
      expect(data.filter((d) => d.startsWith('a'))).toEqual(Array.from({ length: 100 }, (_, i) => `a${i}`));
      expect(data.filter((d) => d.startsWith('b'))).toEqual(Array.from({ length: 100 }, (_, i) => `b${i}`));
    });

    it('[SN-26.1] stamps every publish with its publisher and a counter of that topic, without a gap', async () => {
      const of = installation();
      const [a, b, reader] = [await open(of), await open(of), await open(of)];
      for (const topic of ['room', 'other']) await reader.broker.subscribe(topic);
      const sent: Promise<void>[] = [];
      for (let i = 0; i < 50; i++) {
        const topic = i % 5 === 0 ? 'other' : 'room';
        sent.push(a.broker.publish(text(topic, `a${i}`)), b.broker.publish(text(topic, `b${i}`)));
      }
      await Promise.all(sent);
      await arrived(() => reader.got.length === 100);
      const sources = countersBySource(reader.got);
      // Two publishers, two topics: a stream of its own for each.
      expect(sources.size).toBe(4);
      for (const counters of sources.values()) expect(counters).toEqual(counters.map((_, at) => at + 1));
      const publishers = new Set(reader.got.map(({ publisher, data }) => `${publisher} ${String(data)[0]}`));
      expect(publishers.size).toBe(2);
    });

    it('[SN-26.1] stamps what nobody hears too, so that a late subscriber sees where its publisher is', async () => {
      const of = installation();
      const [a, reader] = [await open(of), await open(of)];
      for (let i = 0; i < 3; i++) await a.broker.publish(text('room', 'unheard'));
      await reader.broker.subscribe('room');
      await a.broker.publish(text('room', 'heard'));
      await arrived(() => reader.got.length > 0);
      expect(reader.got.map(({ counter }) => counter)).toEqual([4]);
    });

    it('[SN-26.1] takes a name that no earlier publisher had', async () => {
      const of = installation();
      const [first, reader] = [await open(of), await open(of)];
      await reader.broker.subscribe('room');
      await first.broker.publish(text('room', 'before'));
      await arrived(() => reader.got.length === 1);
      await first.broker.close();
      const second = await open(of);
      await second.broker.publish(text('room', 'after'));
      await arrived(() => reader.got.length === 2);
      const [before, after] = reader.got;
      expect(after?.counter).toBe(1);
      expect(after?.publisher).not.toBe(before?.publisher);
    });

    it('carries text and binary unchanged, and the class and the node', async () => {
      const of = installation();
      const [a, b] = [await open(of), await open(of)];
      await b.broker.subscribe('room');
      const wanted: Publication[] = [
        { topic: 'room', data: 'a\u0000b\u2028\ud83d\ude80\ufeff', class: 'durable', node: '' },
        { topic: 'room', data: '', class: 'hint', node: 'a:7' },
        { topic: 'room', data: Uint8Array.of(0, 255, 128, 10, 13), class: 'ephemeral', node: 'b' },
      ];
      for (const publication of wanted) await a.broker.publish(publication);
      await arrived(() => b.got.length === 3);
      expect(b.got.map(plain)).toEqual(wanted.map(plain));
    });

    it('delivers only topics subscribed to, by exact name', async () => {
      const { broker, got } = await open(installation());
      await broker.subscribe('a*');
      for (const topic of ['a', 'ab', 'a*', 'A*']) await broker.publish(text(topic, topic));
      await arrived(() => got.length > 0);
      expect(got.map((publication) => publication.topic)).toEqual(['a*']);
    });

    it('subscribes once however often it is asked, and once unsubscribed receives nothing more', async () => {
      const { broker, got } = await open(installation());
      await broker.subscribe('room');
      await broker.subscribe('room');
      await broker.publish(text('room', 'once'));
      await arrived(() => got.length > 0);
      await broker.unsubscribe('room');
      await broker.unsubscribe('room');
      await broker.publish(text('room', 'never'));
      await broker.subscribe('end');
      await broker.publish(text('end', 'end'));
      await arrived(() => got.some((publication) => publication.topic === 'end'));
      expect(got.map((publication) => publication.data)).toEqual(['once', 'end']);
    });

    it('keeps installations apart', async () => {
      const [a, b] = [await open(installation()), await open(installation())];
      await a.broker.subscribe('room');
      await b.broker.subscribe('room');
      await a.broker.publish(text('room', 'mine'));
      await b.broker.publish(text('room', 'yours'));
      await arrived(() => a.got.length + b.got.length >= 2);
      expect([a.got.map(plain), b.got.map(plain)]).toEqual([[text('room', 'mine')], [text('room', 'yours')]]);
    });

    it('delivers nothing after close, and rejects every call', async () => {
      const of = installation();
      const [a, b] = [await open(of), await open(of)];
      await a.broker.subscribe('room');
      await b.broker.subscribe('room');
      await a.broker.close();
      await a.broker.close();
      await expect(a.broker.publish(text('room', 'x'))).rejects.toThrow();
      await expect(a.broker.subscribe('room')).rejects.toThrow();
      await expect(a.broker.unsubscribe('room')).rejects.toThrow();
      await b.broker.publish(text('room', 'after'));
      await arrived(() => b.got.length === 1);
      expect(a.got).toEqual([]);
    });
  });
}

function text(topic: string, data: string): Publication {
  return { topic, data, class: 'durable', node: 'a' };
}

/** Without its stamp, and comparable whatever kind of array an adapter hands over. */
function plain({ publisher: _, counter: __, ...publication }: Publication & Partial<StampedPublication>): unknown {
  return { ...publication, data: typeof publication.data === 'string' ? publication.data : [...publication.data] };
}

/** The counters in the order of arrival, by publisher and topic. */
function countersBySource(got: readonly StampedPublication[]): ReadonlyMap<string, readonly number[]> {
  const sources = new Map<string, number[]>();
  for (const { publisher, topic, counter } of got) {
    const source = `${publisher} ${topic}`;
    sources.set(source, [...(sources.get(source) ?? []), counter]);
  }
  return sources;
}

async function arrived(condition: () => boolean): Promise<void> {
  await expect.poll(condition, { interval: 1 }).toBe(true);
}
