import type { Broker, Publication } from '@everywire/server';
import { afterEach, describe, expect, it } from 'vitest';

/** Opens another broker of the named installation. Only brokers of one installation reach each other. */
export type CreateBroker = (installation: string) => Broker | Promise<Broker>;

let installations = 0;

/** Describes the contract of the `Broker` port. Every adapter must run all of it. */
export function describeBrokerContract(name: string, createBroker: CreateBroker): void {
  describe(`broker contract: ${name}`, () => {
    const opened: Broker[] = [];
    const installation = (): string => `contract_${process.pid}_${++installations}`;

    async function open(of: string): Promise<{ broker: Broker; got: Publication[] }> {
      const broker = await createBroker(of);
      const got: Publication[] = [];
      broker.onPublication = (publication) => got.push(publication);
      opened.push(broker);
      return { broker, got };
    }

    afterEach(async () => {
      for (const broker of opened.splice(0)) await broker.close();
    });

    it('[SN-26.5] delivers to every other broker, never synchronously within publish, and not to its own subscribers', async () => {
      const of = installation();
      const nodes = [await open(of), await open(of), await open(of)];
      for (const { broker } of nodes) await broker.subscribe('room');
      const published = nodes[0]!.broker.publish(text('room', 'one'));
      expect(nodes.map(({ got }) => got)).toEqual([[], [], []]);
      await published;
      await nodes[1]!.broker.publish(text('room', 'two'));
      await arrived(() => nodes[2]!.got.length === 2 && nodes[0]!.got.length === 1);
      expect(nodes[0]!.got.map(plain)).toEqual([text('room', 'two')]);
      expect(nodes[1]!.got.map(plain)).toEqual([text('room', 'one')]);
      // The order between two publishers is undefined.
      expect(nodes[2]!.got.map(({ data }) => data).sort()).toEqual(['one', 'two']);
    });

    it('[SN-26.2] every subscriber receives the publications of one publisher in order, over all topics', async () => {
      const of = installation();
      const nodes = [await open(of), await open(of), await open(of)];
      for (const { broker } of nodes) for (const topic of ['a', 'b', 'c']) await broker.subscribe(topic);
      const wanted = Array.from({ length: 2_000 }, (_, i) => text(['a', 'b', 'c'][i % 3]!, String(i)));
      for (let from = 0; from < wanted.length; from += 100)
        await Promise.all(wanted.slice(from, from + 100).map((one) => nodes[0]!.broker.publish(one)));
      await arrived(() => nodes.slice(1).every(({ got }) => got.length === wanted.length));
      for (const { got } of nodes.slice(1)) expect(got.map(plain)).toEqual(wanted);
    });

    it("[SN-26.2] keeps each publisher's order when two publish concurrently", async () => {
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

    it('[SN-26.1] delivers a publication of several topics to each broker once, with the topics it subscribes to', async () => {
      const of = installation();
      const [a, b, c] = [await open(of), await open(of), await open(of)];
      const many = Array.from({ length: 1_000 }, (_, i) => `user:${i}`);
      for (const topic of many.slice(10, 13)) await b.broker.subscribe(topic);
      await c.broker.subscribe('end');
      await a.broker.publish({ topics: many, data: 'to many', class: 'hint' });
      await a.broker.publish({ topics: ['end', 'user:11'], data: 'end', class: 'hint' });
      await arrived(() => b.got.length === 2 && c.got.length === 1);
      expect(b.got.map(plain)).toEqual([
        { topics: many.slice(10, 13), data: 'to many', class: 'hint' },
        { topics: ['user:11'], data: 'end', class: 'hint' },
      ]);
      expect(c.got.map(plain)).toEqual([{ topics: ['end'], data: 'end', class: 'hint' }]);
    });

    it('delivers text, binary, class and conflation key unchanged, long and empty data included', async () => {
      const of = installation();
      const [a, b] = [await open(of), await open(of)];
      await b.broker.subscribe('房间');
      const wanted: Publication[] = [
        { topics: ['房间'], data: 'a\u0000b\u2028\ud83d\ude80\ufeff', class: 'durable' },
        { topics: ['房间'], data: '', class: 'hint', conflate: '价格' },
        { topics: ['房间'], data: '长'.repeat(30_000), class: 'durable' },
        { topics: ['房间'], data: Uint8Array.of(0, 255, 128, 10, 13), class: 'ephemeral', conflate: '' },
        { topics: ['房间'], data: Uint8Array.from({ length: 300_000 }, (_, i) => i * 7), class: 'hint' },
        { topics: ['房间'], data: new Uint8Array(), class: 'durable' },
      ];
      for (const publication of wanted) await a.broker.publish(publication);
      await arrived(() => b.got.length === wanted.length);
      expect(b.got.map(plain)).toEqual(wanted.map(plain));
    });

    it('delivers only topics subscribed to, by exact name', async () => {
      const of = installation();
      const [a, b] = [await open(of), await open(of)];
      await b.broker.subscribe('a*');
      for (const topic of ['a', 'ab', 'a*', 'A*', 'a.b', 'a>']) await a.broker.publish(text(topic, topic));
      await b.broker.subscribe('end');
      await a.broker.publish(text('end', 'end'));
      await arrived(() => b.got.some(({ data }) => data === 'end'));
      expect(b.got.map(({ topics }) => topics)).toEqual([['a*'], ['end']]);
    });

    it('repeated subscriptions count once, and after one unsubscribe nothing more arrives', async () => {
      const of = installation();
      const [a, b] = [await open(of), await open(of)];
      await b.broker.subscribe('room');
      await b.broker.subscribe('room');
      await a.broker.publish(text('room', 'once'));
      await arrived(() => b.got.length > 0);
      await b.broker.unsubscribe('room');
      await b.broker.unsubscribe('room');
      await a.broker.publish(text('room', 'never'));
      await b.broker.subscribe('end');
      await a.broker.publish(text('end', 'end'));
      await arrived(() => b.got.some(({ data }) => data === 'end'));
      expect(b.got.map((publication) => publication.data)).toEqual(['once', 'end']);
    });

    it('keeps installations apart', async () => {
      const [one, other] = [installation(), installation()];
      const [a, b] = [await open(one), await open(other)];
      const [toA, toB] = [await open(one), await open(other)];
      await a.broker.subscribe('room');
      await b.broker.subscribe('room');
      await toA.broker.publish(text('room', 'mine'));
      await toB.broker.publish(text('room', 'yours'));
      await arrived(() => a.got.length + b.got.length >= 2);
      expect([a.got.map(plain), b.got.map(plain)]).toEqual([[text('room', 'mine')], [text('room', 'yours')]]);
    });

    it('reports no gap to a broker that receives another one from its start to its end', async () => {
      const of = installation();
      const reader = await open(of);
      let gaps = 0;
      reader.broker.onGap = () => {
        gaps += 1;
      };
      await reader.broker.subscribe('room');
      for (const name of ['first', 'second']) {
        const { broker } = await open(of);
        for (let i = 0; i < 10; i++) await broker.publish(text(i % 2 === 0 ? 'room' : 'unheard', name));
        await broker.close();
      }
      await arrived(() => reader.got.length === 10);
      expect(gaps).toBe(0);
    });

    it('delivers nothing after close, and rejects every call', async () => {
      const of = installation();
      const [a, b, c] = [await open(of), await open(of), await open(of)];
      await a.broker.subscribe('room');
      await b.broker.subscribe('room');
      await a.broker.close();
      await a.broker.close();
      await expect(a.broker.publish(text('room', 'x'))).rejects.toThrow(
        expect.objectContaining({ code: 'broker_closed' }),
      );
      await expect(a.broker.subscribe('room')).rejects.toThrow();
      await expect(a.broker.unsubscribe('room')).rejects.toThrow();
      await c.broker.publish(text('room', 'after'));
      await arrived(() => b.got.length === 1);
      expect(a.got).toEqual([]);
    });
  });
}

function text(topic: string, data: string): Publication {
  return { topics: [topic], data, class: 'durable' };
}

/** Normalizes the array type of the data for comparison. */
function plain(publication: Publication): unknown {
  return { ...publication, data: typeof publication.data === 'string' ? publication.data : [...publication.data] };
}

async function arrived(condition: () => boolean): Promise<void> {
  await expect.poll(condition, { interval: 1, timeout: 10_000 }).toBe(true);
}
