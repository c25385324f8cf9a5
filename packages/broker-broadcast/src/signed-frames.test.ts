import type { Broker } from '@everywire/server';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type BroadcastOptions, type BrokerCarrier, createBroadcastBroker } from './index.js';

// Tests brokers with a key on a service to which an attacker can write: each frame of a node stays on record, and the
// attacker sends copies of it, changed or not.

const key = 'the secret of this installation, long enough';

/** A service that carries all frames to all nodes, and keeps them on record. */
class Service {
  readonly record: Buffer[] = [];
  readonly #members = new Set<BrokerCarrier>();

  connect(): BrokerCarrier {
    const carrier: BrokerCarrier = {
      frameBytesMax: 6_000,
      onFrame: null,
      onContact: null,
      send: async (frames) => {
        for (const frame of frames) {
          this.record.push(Buffer.from(frame));
          this.bring(frame);
        }
      },
      close: async () => void this.#members.delete(carrier),
    };
    this.#members.add(carrier);
    return carrier;
  }

  /** Brings a frame to all nodes, as the attacker can too. */
  bring(frame: Uint8Array): void {
    for (const member of this.#members) member.onFrame?.(Buffer.from(frame));
  }
}

/** A broker that is subscribed to `room`. */
interface Node {
  readonly broker: Broker;
  readonly heard: string[];
  readonly refused: number[];
  readonly gone: number[];
  gaps: number;
}

let service: Service;
const opened: Broker[] = [];
beforeEach(() => {
  vi.useFakeTimers();
  service = new Service();
});
afterEach(async () => {
  for (const broker of opened.splice(0)) await broker.close();
  vi.useRealTimers();
});

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

async function open(options: BroadcastOptions = { key }): Promise<Node> {
  const [refused, gone]: number[][] = [[], []];
  const broker = createBroadcastBroker(service.connect(), {
    ...options,
    onRefused: (count) => refused?.push(count),
    onGone: (count) => gone?.push(count),
  });
  opened.push(broker);
  const node: Node = { broker, heard: [], refused: refused ?? [], gone: gone ?? [], gaps: 0 };
  broker.onPublication = ({ data }) => node.heard.push(String(data));
  broker.onGap = () => {
    node.gaps += 1;
  };
  await broker.subscribe('room');
  await pass(300);
  return node;
}

async function publish({ broker }: Node, data: string): Promise<void> {
  await broker.publish({ topics: ['room'], data, class: 'hint' });
  await pass(1);
}

/** Changes one byte of a frame. */
function changed(frame: Buffer, at: number): Buffer {
  const copy = Buffer.from(frame);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

test('[SN-26.8] a frame that was changed anywhere, cut or not signed with the key has no effect, and the others are heard', async () => {
  const [node, victim] = [await open(), await open()];
  await publish(victim, 'one');
  const frame = service.record.at(-1) ?? Buffer.alloc(0);
  const other = new Service();
  const forgers = [{}, { key: `${key}!` }].map((options) => createBroadcastBroker(other.connect(), options));
  for (const forger of forgers) await forger.publish({ topics: ['room'], data: 'forged', class: 'hint' });
  await pass(300);
  const forged = [
    ...Array.from(frame, (_, at) => changed(frame, at)),
    ...Array.from(frame, (_, length) => frame.subarray(0, length)),
    ...other.record,
  ];
  const before = node.gaps;
  for (const each of forged) service.bring(each);
  await publish(victim, 'two');
  expect(node.heard).toEqual(['one', 'two']);
  expect([node.gaps - before, node.refused]).toEqual([1, [1]]);
  await pass(31_000);
  expect(node.refused).toEqual([1, forged.length - 1]);
  for (const forger of forgers) await forger.close();
});

test('[SN-26.8] copies of all frames of a running node have no effect on any node', async () => {
  const [node, victim] = [await open(), await open()];
  await publish(victim, 'one');
  await publish(victim, 'x'.repeat(20_000));
  await pass(3_000);
  const before = node.gaps;
  for (const frame of [...service.record, ...service.record.reverse()]) service.bring(frame);
  await publish(victim, 'two');
  await pass(3_000);
  expect(node.heard.map((data) => data.slice(0, 3))).toEqual(['one', 'xxx', 'two']);
  expect([node.gaps - before, node.refused, node.gone]).toEqual([0, [], []]);
});

test('[SN-26.8] copies of the frames of a node that has closed have no effect, at nodes that heard it and at new ones', async () => {
  const [node, victim] = [await open(), await open()];
  await publish(victim, 'one');
  await pass(2_000);
  await victim.broker.close();
  const copies = [...service.record];
  await pass(60_000);
  const late = await open();
  for (const frame of copies) service.bring(frame);
  await pass(60_000);
  expect([node.heard, node.refused, node.gone]).toEqual([['one'], [], []]);
  expect([late.heard, late.gone]).toEqual([[], []]);
  expect(late.refused).toEqual([1]);
});

test('copies of heartbeats do not hide that a node is gone, and its own return does', async () => {
  const node = await open();
  const carrier = service.connect();
  const victim = createBroadcastBroker(carrier, { key });
  opened.push(victim);
  await pass(3_000);
  const { send } = carrier;
  carrier.send = async () => undefined;
  for (let beats = 0; beats < 20; beats += 1) {
    for (const frame of service.record) service.bring(frame);
    await pass(1_000);
  }
  expect(node.gone).toEqual([1]);
  carrier.send = send;
  const before = node.gaps;
  await pass(1_100);
  expect([node.gone, node.gaps - before]).toEqual([[1, 0], 1]);
});

test('a busy node is heard by one that starts later, with a gap for what came before', async () => {
  const busy = await open();
  const first = await open();
  await publish(busy, 'one');
  const publishing = setInterval(() => void busy.broker.publish({ topics: ['room'], data: 'more', class: 'hint' }), 10);
  const late = await open();
  clearInterval(publishing);
  await publish(busy, 'last');
  expect([late.heard.at(-1), late.gaps, late.refused]).toEqual(['last', 1, []]);
  expect(first.gaps).toBe(0);
});

test('a node without the key and nodes with it report each other, and cause a gap every 30 heartbeats', async () => {
  const [node, plain] = [await open(), await open({})];
  await pass(61_000);
  expect([node.refused.length, plain.refused.length]).toEqual([3, 3]);
  expect(node.gaps).toBe(3);
});

test('a key of fewer than 32 bytes is rejected, and a broker without a key warns once', () => {
  const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  for (const short of ['', 'x'.repeat(31), new Uint8Array(16)])
    expect(() => createBroadcastBroker(service.connect(), { key: short })).toThrow(
      expect.objectContaining({ code: 'key_too_short' }),
    );
  for (let brokers = 0; brokers < 2; brokers += 1) opened.push(createBroadcastBroker(service.connect()));
  expect(warned.mock.calls.length).toBeLessThanOrEqual(1);
  warned.mockRestore();
});
