import { describe, expect, it } from 'vitest';
import { createChooser } from './chooser.js';
import type { TransportRow } from './transport.js';
import { TransportChoice } from './transport-choice.js';
import type { FallbackModule, TransportTable } from './transport-table.js';

const load = (): Promise<never> => Promise.reject(new Error('not loaded in this test'));
const websocket: TransportRow = { name: 'websocket', kind: 'duplex', load };
const longPoll: TransportRow = { name: 'long-poll', kind: 'poll', load };
const failure = { row: websocket, now: 0, proven: false, streams: false };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A platform whose fallback comes at the nth time it is asked for. */
function createTable(comesAt = 1): { table: TransportTable; asked: () => number } {
  let asked = 0;
  const module = { connect: () => ({ close: () => undefined }), createRequests: () => null, createChooser };
  const fallback = async (): Promise<FallbackModule> => {
    if (++asked < comesAt) throw new TypeError('Failed to fetch dynamically imported module');
    return module as unknown as FallbackModule;
  };
  return { table: { rows: [websocket, longPoll], fallback }, asked: () => asked };
}

describe('transport choice', () => {
  it('loads nothing while the WebSocket works', async () => {
    const { table, asked } = createTable();
    const choice = new TransportChoice(table, undefined, () => undefined);
    await choice.ready();
    expect(choice.choose()).toBe(websocket);
    expect(asked()).toBe(0);
  });

  it('[SN-12] tries the first again until there is a choice, and counts what failed before', async () => {
    const { table, asked } = createTable();
    let loads = 0;
    const choice = new TransportChoice(table, undefined, () => loads++);
    choice.failed(failure, 'refused');
    choice.failed(failure, 'refused');
    expect(choice.choose()).toBe(websocket);
    await turn();
    expect(choice.choose()).toBe(longPoll);
    expect([asked(), loads]).toEqual([2, 1]);
    choice.failed(failure, 'refused');
    await turn();
    expect([asked(), loads]).toEqual([2, 1]);
  });

  it('asks again for what could not be loaded', async () => {
    const { table } = createTable(3);
    const choice = new TransportChoice(table, undefined, () => undefined);
    for (let tries = 0; tries < 3; tries++) {
      expect(choice.choose()).toBe(websocket);
      choice.failed(failure, 'refused');
      await turn();
    }
    expect(choice.choose()).toBe(longPoll);
  });

  it('is ready for a forced transport when that can be used, or cannot be loaded', async () => {
    const { table, asked } = createTable(2);
    const choice = new TransportChoice(table, ['long-poll'], () => undefined);
    await choice.ready();
    expect(choice.choose()).toBe(longPoll);
    await choice.ready();
    expect(asked()).toBe(2);
  });

  it('loads nothing where only the WebSocket is allowed, however often it fails', async () => {
    const { table, asked } = createTable();
    const choice = new TransportChoice(table, ['websocket'], () => undefined);
    for (let number = 0; number < 3; number++) choice.failed(failure, 'refused');
    await turn();
    expect(asked()).toBe(0);
    expect(choice.choose()).toBe(websocket);
    choice.restrict(undefined);
    await choice.load();
    expect(asked()).toBe(1);
  });

  it('keeps the last twenty attempts', () => {
    const { table } = createTable();
    const choice = new TransportChoice(table, undefined, () => undefined);
    for (let number = 0; number < 30; number++) choice.failed(failure, `${number}`);
    expect(choice.attempts.map(({ reason }) => Number(reason))).toEqual(Array.from({ length: 20 }, (_, at) => at + 10));
  });

  it('forgets the failures of before when it is restricted, and refuses to be left without any', async () => {
    const { table } = createTable();
    const choice = new TransportChoice(table, undefined, () => undefined);
    await choice.load();
    for (let number = 0; number < 3; number++) choice.failed(failure, 'refused');
    expect(choice.choose()).toBe(longPoll);
    choice.restrict(['websocket']);
    expect(choice.choose()).toBe(websocket);
    expect(() => choice.restrict([])).toThrow(RangeError);
    expect(choice.choose()).toBe(websocket);
  });
});
