import { createLossyBroker, describeBrokerContract, type FrameExchange, type LossyBroker } from '@everywire/testkit';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type BrokerCarrier, createBroadcastBroker } from './index.js';

// Tests `createBroadcastBroker`, the common part of brokers (which carry publications between server nodes) over a
// service that may lose frames. It detects such a gap and reports it. A lossy broker loses as many frames as a test
// sets.

const exchanges = new Map<string, FrameExchange>();
describeBrokerContract('broadcast', (installation) => {
  const exchange = exchanges.get(installation) ?? new Set();
  exchanges.set(installation, exchange);
  return createLossyBroker(exchange);
});

const signed = new Map<string, FrameExchange>();
const key = 'the key of all brokers in these tests';
describeBrokerContract('broadcast with a key', (installation) => {
  const exchange = signed.get(installation) ?? new Set();
  signed.set(installation, exchange);
  return createLossyBroker(exchange, { key });
});

const settle = (): Promise<void> => vi.advanceTimersByTimeAsync(1).then(() => undefined);

describe('a gap in a broadcast broker', () => {
  let gaps = 0;
  let received: string[] = [];
  const opened: LossyBroker[] = [];
  beforeEach(() => {
    vi.useFakeTimers();
    gaps = 0;
    received = [];
  });
  afterEach(async () => {
    for (const broker of opened.splice(0)) await broker.close();
    vi.useRealTimers();
  });

  /** Opens one broker that publishes and one that receives. */
  async function openPair(): Promise<[LossyBroker, LossyBroker]> {
    const exchange: FrameExchange = new Set();
    const receiver = createLossyBroker(exchange, { heartbeatMs: 1_000 });
    const publisher = createLossyBroker(exchange, { heartbeatMs: 1_000 });
    opened.push(receiver, publisher);
    receiver.onPublication = ({ data }) => received.push(String(data));
    receiver.onGap = () => {
      gaps += 1;
    };
    await receiver.subscribe('room');
    await settle();
    return [publisher, receiver];
  }

  async function publish(broker: LossyBroker, data: string): Promise<void> {
    await broker.publish({ topics: ['room'], data, class: 'hint' });
    await settle();
  }

  test('[SN-26.6] the next publication reveals a lost one, once', async () => {
    const [publisher, receiver] = await openPair();
    await publish(publisher, '1');
    receiver.lose(2);
    for (const data of ['2', '3', '4', '5']) await publish(publisher, data);
    expect([received, gaps]).toEqual([['1', '4', '5'], 1]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(gaps).toBe(1);
  });

  test('[SN-26.6] a lost last publication is reported within openPair heartbeats, once', async () => {
    const [publisher, receiver] = await openPair();
    await publish(publisher, '1');
    receiver.lose(1);
    await publish(publisher, 'lost');
    expect(gaps).toBe(0);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(gaps).toBe(1);
    await vi.advanceTimersByTimeAsync(10_000);
    await publish(publisher, '2');
    expect([received, gaps]).toEqual([['1', '2'], 1]);
  });

  test('[SN-26.6] all losses within one heartbeat are reported once', async () => {
    const [publisher, receiver] = await openPair();
    for (let i = 0; i < 6; i += 1) {
      receiver.lose(1);
      await publish(publisher, 'lost');
      await publish(publisher, 'received');
    }
    expect(gaps).toBe(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(gaps).toBe(2);
  });

  test('[SN-26.3] a duplicate frame is ignored', async () => {
    const [publisher, receiver] = await openPair();
    await publish(publisher, '1');
    receiver.repeat();
    receiver.cut();
    await publish(publisher, 'lost');
    receiver.repair();
    await publish(publisher, '2');
    expect([received, gaps]).toEqual([['1', '2'], 1]);
  });

  test('a lost part of a long publication affects no other publication', async () => {
    const [publisher, receiver] = await openPair();
    await publish(publisher, '1');
    receiver.lose(1);
    await publish(publisher, 'x'.repeat(50_000));
    await publish(publisher, 'y'.repeat(50_000));
    expect([received.map((data) => data[0]), gaps]).toEqual([['1', 'y'], 1]);
  });

  test('[SN-26.7] a gap is reported when a broker falls silent without an end frame, and not when it closed', async () => {
    const [publisher, receiver] = await openPair();
    await publish(publisher, '1');
    receiver.cut();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(gaps).toBe(0);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(gaps).toBe(1);
    receiver.repair();
    // The broker was alive all the time, so it may have published meanwhile.
    await vi.advanceTimersByTimeAsync(2_000);
    expect(gaps).toBe(2);
    await publisher.close();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(gaps).toBe(2);
  });
});

test('a broker without peers sends only heartbeats, and a later peer gets a gap', async () => {
  vi.useFakeTimers();
  const exchange: FrameExchange = new Set();
  const alone = createLossyBroker(exchange, { heartbeatMs: 1_000 });
  const frames: (number | undefined)[] = [];
  exchange.add((frame) => frames.push(frame[1]));
  await vi.advanceTimersByTimeAsync(3_001);
  frames.length = 0;
  await alone.publish({ topics: ['room'], data: 'to no peer', class: 'hint' });
  await vi.advanceTimersByTimeAsync(2_000);
  expect(frames).toEqual([4, 4]);
  const late = createLossyBroker(exchange, { heartbeatMs: 1_000 });
  let gaps = 0;
  const received: unknown[] = [];
  late.onGap = () => {
    gaps += 1;
  };
  late.onPublication = ({ data }) => received.push(data);
  await late.subscribe('room');
  await settle();
  await alone.publish({ topics: ['room'], data: 'to one', class: 'hint' });
  await settle();
  expect([gaps, received]).toEqual([1, ['to one']]);
  await alone.close();
  await late.close();
  vi.useRealTimers();
});

test('[SN-26.7] while a peer is silent, a gap is reported each minute for a quarter of an hour', async () => {
  vi.useFakeTimers();
  const exchange: FrameExchange = new Set();
  const receiver = createLossyBroker(exchange, { heartbeatMs: 1_000 });
  const publisher = createLossyBroker(exchange, { heartbeatMs: 1_000 });
  let gaps = 0;
  receiver.onGap = () => {
    gaps += 1;
  };
  await settle();
  receiver.cut();
  const minutes: number[] = [];
  for (let minute = 0; minute < 20; minute += 1) {
    await publisher.publish({ topics: ['room'], data: 'unheard', class: 'hint' });
    await vi.advanceTimersByTimeAsync(60_000);
    minutes.push(gaps);
  }
  expect([minutes[0], minutes[1], minutes[14], minutes[19]]).toEqual([1, 2, 15, 16]);
  receiver.repair();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(gaps).toBe(17);
  await publisher.close();
  await receiver.close();
  vi.useRealTimers();
});

describe('a message service that is unreachable or slow', () => {
  const frames: Uint8Array[] = [];
  let release: (() => void) | null = null;
  const carrier: BrokerCarrier = {
    frameBytesMax: 1_000,
    onFrame: null,
    onContact: null,
    send: (sent) =>
      new Promise((resolve) => {
        frames.push(...sent);
        release = resolve;
      }),
    close: async () => undefined,
  };
  const publication = { topics: ['room'], data: 'x'.repeat(700), class: 'hint' } as const;

  test('while it is unreachable, publications are rejected, this node reports gaps, and its next heartbeat reveals the loss to the others', async () => {
    vi.useFakeTimers();
    frames.length = 0;
    const broker = createBroadcastBroker(carrier);
    let gaps = 0;
    broker.onGap = () => {
      gaps += 1;
    };
    await vi.advanceTimersByTimeAsync(1);
    release?.();
    carrier.onContact?.(false);
    await expect(broker.publish(publication)).rejects.toMatchObject({ code: 'broker_away' });
    await vi.advanceTimersByTimeAsync(61_000);
    expect(gaps).toBe(2);
    carrier.onContact?.(true);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(frames.map((frame) => [frame[1], frame[19]])).toEqual([
      [4, 0],
      [4, 1],
    ]);
    vi.useRealTimers();
  });

  test('an accepted publication is sent, at whatever moment of the previous send it was added', async () => {
    for (let turns = 0; turns < 8; turns += 1) {
      frames.length = 0;
      const broker = createBroadcastBroker(carrier);
      await new Promise((resolve) => setImmediate(resolve));
      release?.();
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      await broker.publish(publication);
      await new Promise((resolve) => setImmediate(resolve));
      expect(frames).toHaveLength(2);
    }
  });

  test('publications over the queue limit are rejected, and accepted ones travel in as few frames as possible', async () => {
    frames.length = 0;
    const broker = createBroadcastBroker(carrier, { waitingBytesMax: 3_000 });
    await Promise.resolve();
    await Promise.resolve();
    for (let i = 0; i < 4; i += 1) await broker.publish({ ...publication, data: 'x'.repeat(400) });
    await broker.publish({ ...publication, data: 'x'.repeat(1_200) });
    await expect(broker.publish(publication)).rejects.toMatchObject({ code: 'broker_full' });
    release?.();
    await new Promise((resolve) => setImmediate(resolve));
    // One heartbeat, openPair frames of openPair records, and openPair parts; the rejected publication used up one number.
    expect(frames.map((frame) => [frame[1], frame[19]])).toEqual([
      [4, 0],
      [0, 2],
      [0, 3],
      [1, 4],
      [3, 5],
    ]);
    await expect(broker.publish({ ...publication, data: new Uint8Array(17 << 20) })).rejects.toMatchObject({
      code: 'publication_too_long',
    });
  });
});
