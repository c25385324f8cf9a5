import { describe, expect, it } from 'vitest';
import { type Chooser, createChooser } from './chooser.js';
import type { TransportEntry } from './transport.js';

// Tests the chooser, which decides which transport a client uses: the best one that is not demoted. A transport that
// failed is demoted for a while, and `upgrade` returns a better one to be probed and when. Times are in milliseconds.

const load = (): Promise<never> => Promise.reject(new Error('not loaded in this test'));
const websocket: TransportEntry = { name: 'websocket', kind: 'duplex', load };
const fetchStream: TransportEntry = { name: 'fetch-stream', kind: 'stream', load };
const eventStream: TransportEntry = { name: 'event-stream', kind: 'stream', load };
const longPoll: TransportEntry = { name: 'long-poll', kind: 'poll', load };
const rows = [websocket, fetchStream, eventStream, longPoll];

/** Creates a chooser. The random number is the middle of the range, so that waits have no jitter. */
const create = (some: readonly TransportEntry[] = rows, winner?: string): Chooser =>
  createChooser({ rows: some, random: () => 0.5, winner, now: 0 });
/** Reports that a link of this transport failed before it was proven. */
const refuse = (chooser: Chooser, row: TransportEntry, now: number): void =>
  chooser.failed({ row, now, proven: false, suspect: false });

describe('chooser', () => {
  it('[SN-12.5] the chooser begins with the best transport', () => {
    expect(create().choose()).toBe(websocket);
  });

  it('[SN-12.4] a transport that failed once is tried again', () => {
    const chooser = create();
    refuse(chooser, websocket, 0);
    expect(chooser.choose()).toBe(websocket);
  });

  it('[SN-12.4] a transport that failed twice in a row is demoted', () => {
    const chooser = create();
    refuse(chooser, websocket, 0);
    refuse(chooser, websocket, 100);
    expect(chooser.choose()).toBe(fetchStream);
  });

  it('[SN-12.4] the end of a proven link does not count as a failure', () => {
    const chooser = create();
    refuse(chooser, websocket, 0);
    chooser.failed({ row: websocket, now: 2100, proven: true, suspect: false });
    refuse(chooser, websocket, 2200);
    expect(chooser.choose()).toBe(websocket);
  });

  it('[SN-13.4] one buffered stream demotes all streams', () => {
    const chooser = create([fetchStream, eventStream, longPoll]);
    chooser.failed({ row: fetchStream, now: 0, proven: true, suspect: false, blame: 'streams' });
    expect(chooser.choose()).toBe(longPoll);
    expect(chooser.upgrade(longPoll)?.at).toBe(15_000);
  });

  it('[SN-13.6] damaged bytes demote only their stream, immediately, even if it was proven', () => {
    const chooser = create([fetchStream, eventStream, longPoll]);
    chooser.failed({ row: fetchStream, now: 0, proven: true, suspect: false, blame: 'row' });
    expect(chooser.choose()).toBe(eventStream);
    expect(chooser.upgrade(eventStream)).toEqual({ row: fetchStream, at: 2000 });
  });

  it('[SN-12.6] a transport that failed while nothing worked is probed immediately', () => {
    const chooser = create();
    const suspect = { row: websocket, proven: false, suspect: true };
    chooser.failed({ ...suspect, now: 0 });
    chooser.failed({ ...suspect, now: 100 });
    expect(chooser.choose()).toBe(fetchStream);
    expect(chooser.upgrade(fetchStream)).toEqual({ row: websocket, at: 100 });
    chooser.failed({ row: websocket, now: 200, proven: false, suspect: false });
    expect(chooser.upgrade(fetchStream)?.at).toBe(2200);
  });

  it('[SN-14.13] the chooser begins with the transport remembered for this network and probes better ones soon', () => {
    const chooser = create(rows, 'event-stream');
    expect(chooser.choose()).toBe(eventStream);
    expect(chooser.upgrade(eventStream)).toEqual({ row: websocket, at: 2000 });
    expect(create(rows, 'carrier-pigeon').choose()).toBe(websocket);
  });

  it('[SN-14.9] the best transport other than the WebSocket is raced, or none if none is left', () => {
    const chooser = create();
    expect(chooser.second()).toBe(fetchStream);
    chooser.failed({ row: fetchStream, now: 0, proven: false, suspect: false, blame: 'streams' });
    expect(chooser.second()).toBe(longPoll);
    expect(create([websocket]).second()).toBeUndefined();
  });

  it('[SN-12.7] nothing is demoted when all transports fail, because the server is down', () => {
    const chooser = create();
    const tried = [];
    for (let at = 0; at < 8; at++) {
      const row = chooser.choose() as TransportEntry;
      tried.push(row.name);
      refuse(chooser, row, at);
    }
    expect(tried.join(' ')).toBe(
      'websocket websocket fetch-stream fetch-stream event-stream event-stream long-poll long-poll',
    );
    expect(chooser.choose()).toBe(websocket);
  });

  it('[SN-12.7] each transport gets one attempt per round while the server stays down', () => {
    const chooser = create();
    for (let at = 0; at < 8; at++) refuse(chooser, chooser.choose() as TransportEntry, at);
    const tried = [];
    for (let at = 0; at < 5; at++) {
      const row = chooser.choose() as TransportEntry;
      tried.push(row.name);
      refuse(chooser, row, at);
    }
    expect(tried.join(' ')).toBe('websocket fetch-stream event-stream long-poll websocket');
  });

  it('[SN-12.5] a demoted transport is probed again after a growing wait', () => {
    const chooser = create();
    refuse(chooser, websocket, 0);
    refuse(chooser, websocket, 0);
    const waits = [];
    let now = 0;
    for (let probe = 0; probe < 10; probe++) {
      const { row, at } = chooser.upgrade(fetchStream)!;
      expect(row).toBe(websocket);
      waits.push((at - now) / 1000);
      now = at;
      refuse(chooser, websocket, now);
    }
    expect(waits).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
  });

  it('[SN-12.5] the waits start from the shortest again once a transport is proven', () => {
    const chooser = create();
    for (let failures = 0; failures < 6; failures++) refuse(chooser, websocket, 0);
    chooser.failed({ row: websocket, now: 9000, proven: true, suspect: false });
    refuse(chooser, websocket, 9000);
    refuse(chooser, websocket, 9000);
    expect(chooser.upgrade(fetchStream)?.at).toBe(11_000);
  });

  it('[SN-12.5] a better transport that never failed is probed immediately, and none above the best', () => {
    const chooser = create();
    expect(chooser.upgrade(longPoll)).toEqual({ row: websocket, at: 0 });
    expect(chooser.upgrade(websocket)).toBeUndefined();
  });

  it('[SN-12.7] a forced transport is the only choice, however often it fails', () => {
    const chooser = create([eventStream]);
    for (let failures = 0; failures < 5; failures++) refuse(chooser, eventStream, failures);
    expect(chooser.choose()).toBe(eventStream);
    expect(chooser.upgrade(eventStream)).toBeUndefined();
    expect(chooser.upgrade(websocket)?.row).toBe(eventStream);
  });

  it('[SN-12.8] all failures are forgotten on another network', () => {
    const chooser = create();
    for (let failures = 0; failures < 3; failures++) refuse(chooser, websocket, 0);
    chooser.forget();
    expect(chooser.choose()).toBe(websocket);
    expect(chooser.upgrade(longPoll)?.at).toBe(0);
  });

  it('the probes of many clients are spread by a quarter in both directions', () => {
    const at = [0, 0.999].map((random) => {
      const chooser = createChooser({ rows, random: () => random, now: 0 });
      refuse(chooser, websocket, 0);
      refuse(chooser, websocket, 0);
      return chooser.upgrade(fetchStream)!.at;
    });
    expect(at[0]).toBe(1500);
    expect(at[1]).toBeGreaterThan(2490);
  });
});
