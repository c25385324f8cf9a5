import { createLossyBroker, describeBrokerContract, type FrameExchange, type LossyBroker } from '@everywire/testkit';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Carrier, createBroadcastBroker } from './index.js';

const exchanges = new Map<string, FrameExchange>();
describeBrokerContract('broadcast', (installation) => {
  const exchange = exchanges.get(installation) ?? new Set();
  exchanges.set(installation, exchange);
  return createLossyBroker(exchange);
});

const settle = (): Promise<void> => vi.advanceTimersByTimeAsync(1).then(() => undefined);

describe('what a broadcast broker misses', () => {
  let gaps = 0;
  let got: string[] = [];
  const opened: LossyBroker[] = [];
  beforeEach(() => {
    vi.useFakeTimers();
    gaps = 0;
    got = [];
  });
  afterEach(async () => {
    for (const broker of opened.splice(0)) await broker.close();
    vi.useRealTimers();
  });

  /** One that publishes, and one that hears it. */
  async function two(): Promise<[LossyBroker, LossyBroker]> {
    const exchange: FrameExchange = new Set();
    const heard = createLossyBroker(exchange, { heartbeatMs: 1_000 });
    const told = createLossyBroker(exchange, { heartbeatMs: 1_000 });
    opened.push(heard, told);
    heard.onPublication = ({ data }) => got.push(String(data));
    heard.onGap = () => {
      gaps += 1;
    };
    await heard.subscribe('room');
    await settle();
    return [told, heard];
  }

  async function publish(broker: LossyBroker, data: string): Promise<void> {
    await broker.publish({ topics: ['room'], data, class: 'hint' });
    await settle();
  }

  test('[SN-26.6] is known by the next publication, once', async () => {
    const [told, heard] = await two();
    await publish(told, '1');
    heard.lose(2);
    for (const data of ['2', '3', '4', '5']) await publish(told, data);
    expect([got, gaps]).toEqual([['1', '4', '5'], 1]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(gaps).toBe(1);
  });

  test('[SN-26.6] is known within two beats where it was the last, once', async () => {
    const [told, heard] = await two();
    await publish(told, '1');
    heard.lose(1);
    await publish(told, 'lost');
    expect(gaps).toBe(0);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(gaps).toBe(1);
    await vi.advanceTimersByTimeAsync(10_000);
    await publish(told, '2');
    expect([got, gaps]).toEqual([['1', '2'], 1]);
  });

  test('[SN-26.6] is told once for all that is lost within a beat', async () => {
    const [told, heard] = await two();
    for (let i = 0; i < 6; i += 1) {
      heard.lose(1);
      await publish(told, 'lost');
      await publish(told, 'heard');
    }
    expect(gaps).toBe(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(gaps).toBe(2);
  });

  test('[SN-26.3] a frame that comes again is passed over', async () => {
    const [told, heard] = await two();
    await publish(told, '1');
    heard.repeat();
    heard.cut();
    await publish(told, 'lost');
    heard.repair();
    await publish(told, '2');
    expect([got, gaps]).toEqual([['1', '2'], 1]);
  });

  test('a part of a long publication that is lost takes no other with it', async () => {
    const [told, heard] = await two();
    await publish(told, '1');
    heard.lose(1);
    await publish(told, 'x'.repeat(50_000));
    await publish(told, 'y'.repeat(50_000));
    expect([got.map((data) => data[0]), gaps]).toEqual([['1', 'y'], 1]);
  });

  test('[SN-26.7] is looked for when a broker falls silent without an end, and not when it closed', async () => {
    const [told, heard] = await two();
    await publish(told, '1');
    heard.cut();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(gaps).toBe(0);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(gaps).toBe(1);
    heard.repair();
    // It was not gone: whether it said something meanwhile is not known.
    await vi.advanceTimersByTimeAsync(2_000);
    expect(gaps).toBe(2);
    await told.close();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(gaps).toBe(2);
  });
});

test('a broker that is alone sends nothing but beats, and who comes later is told to look', async () => {
  vi.useFakeTimers();
  const exchange: FrameExchange = new Set();
  const alone = createLossyBroker(exchange, { heartbeatMs: 1_000 });
  const frames: (number | undefined)[] = [];
  exchange.add((frame) => frames.push(frame[1]));
  await vi.advanceTimersByTimeAsync(3_001);
  frames.length = 0;
  await alone.publish({ topics: ['room'], data: 'to nobody', class: 'hint' });
  await vi.advanceTimersByTimeAsync(2_000);
  expect(frames).toEqual([4, 4]);
  const late = createLossyBroker(exchange, { heartbeatMs: 1_000 });
  let gaps = 0;
  const got: unknown[] = [];
  late.onGap = () => {
    gaps += 1;
  };
  late.onPublication = ({ data }) => got.push(data);
  await late.subscribe('room');
  await settle();
  await alone.publish({ topics: ['room'], data: 'to one', class: 'hint' });
  await settle();
  expect([gaps, got]).toEqual([1, ['to one']]);
  await alone.close();
  await late.close();
  vi.useRealTimers();
});

test('[SN-26.7] who is not heard by one may be heard by others: members look each minute, for a quarter of an hour', async () => {
  vi.useFakeTimers();
  const exchange: FrameExchange = new Set();
  const heard = createLossyBroker(exchange, { heartbeatMs: 1_000 });
  const told = createLossyBroker(exchange, { heartbeatMs: 1_000 });
  let gaps = 0;
  heard.onGap = () => {
    gaps += 1;
  };
  await settle();
  heard.cut();
  const minutes: number[] = [];
  for (let minute = 0; minute < 20; minute += 1) {
    await told.publish({ topics: ['room'], data: 'unheard', class: 'hint' });
    await vi.advanceTimersByTimeAsync(60_000);
    minutes.push(gaps);
  }
  expect([minutes[0], minutes[1], minutes[14], minutes[19]]).toEqual([1, 2, 15, 16]);
  heard.repair();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(gaps).toBe(17);
  await told.close();
  await heard.close();
  vi.useRealTimers();
});

describe('a service that is away or slow', () => {
  const frames: Uint8Array[] = [];
  let release: (() => void) | null = null;
  const carrier: Carrier = {
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

  test('refuses what is published meanwhile, tells members to look now and then, and the others that something is missing', async () => {
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

  test('what is accepted is sent, in whatever moment of the sending before', async () => {
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

  test('takes no more than may wait; what was accepted travels in as few frames as it fits in', async () => {
    frames.length = 0;
    const broker = createBroadcastBroker(carrier, { waitingBytesMax: 3_000 });
    await Promise.resolve();
    await Promise.resolve();
    for (let i = 0; i < 4; i += 1) await broker.publish({ ...publication, data: 'x'.repeat(400) });
    await broker.publish({ ...publication, data: 'x'.repeat(1_200) });
    await expect(broker.publish(publication)).rejects.toMatchObject({ code: 'broker_full' });
    release?.();
    await new Promise((resolve) => setImmediate(resolve));
    // One beat, two frames of two, and two parts; one number was given to what was refused.
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
