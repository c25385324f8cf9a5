import { describe, expect, it } from 'vitest';
import { explore } from './explore.js';
import type { NotifiedEnds } from './run.js';
import { type TransportName, transportKinds } from './wire.js';

const transports = Object.keys(transportKinds) as TransportName[];
const pairs = transports.flatMap((from) => transports.filter((to) => to !== from).map((to) => [from, to] as const));
const notifiedEnds: readonly NotifiedEnds[] = ['both', 'client', 'server'];

/** A switch is cut at each byte in the long run only; here at each step, and at each 7th byte. */
const stride = process.env['EVERYWIRE_LONG'] ? 1 : 7;

describe.each(notifiedEnds)('a session with one cut that is noticed by: %s', (notified) => {
  it.each(transports)('[SN-1] [SN-2] every guarantee holds for a cut at every byte and every step over %s', (from) => {
    const found = explore({ from, notified });
    expect(found.broken).toEqual([]);
    expect(found.runs).toBe(1 + found.bytes + found.steps);
    expect(found.bytes).toBeGreaterThan(600);
  });

  it('[SN-40.8] every guarantee holds for a cut over a WebSocket to a server that takes no record in the opening handshake', () => {
    const found = explore({ from: 'websocket', notified, older: true });
    expect(found.broken).toEqual([]);
  });

  it.each(pairs)(
    '[SN-1] [SN-2] [SN-11] every guarantee holds for a cut in a session that switches from %s to %s',
    { tags: ['wide'] },
    (from, to) => {
      const found = explore({ from, to, notified }, stride);
      expect(found.broken).toEqual([]);
      expect(found.steps).toBeGreaterThan(30);
      expect(found.runs).toBeGreaterThan((found.bytes + found.steps) / stride);
    },
  );
});
