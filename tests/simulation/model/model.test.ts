import { describe, expect, it } from 'vitest';
import { explore } from './explore.js';
import type { NotifiedEnds } from './run.js';
import { type TransportName, transportKinds } from './wire.js';

// Runs one small session over the real bytes of each transport, again and again. In each run the connection is cut at another
// byte or after another step, so that all places are tried.

const transports = Object.keys(transportKinds) as TransportName[];
const pairs = transports.flatMap((from) => transports.filter((to) => to !== from).map((to) => [from, to] as const));
/** Which end notices the cut. */
const notifiedEnds: readonly NotifiedEnds[] = ['both', 'client', 'server'];

/** A run that switches transports is cut at every 7th byte, and in the long run at every byte. */
const stride = process.env['EVERYWIRE_LONG'] ? 1 : 7;

describe.each(notifiedEnds)('a session with one cut that is noticed by: %s', (notified) => {
  it.each(transports)('[SN-1] [SN-2] every guarantee holds for a cut at every byte and every step over %s', (from) => {
    const result = explore({ from, notified });
    expect(result.broken).toEqual([]);
    expect(result.runs).toBe(1 + result.bytes + result.steps);
    expect(result.bytes).toBeGreaterThan(600);
  });

  it('[SN-40.8] every guarantee holds for a cut over a WebSocket to a server that takes no record in the opening handshake', () => {
    const result = explore({ from: 'websocket', notified, older: true });
    expect(result.broken).toEqual([]);
  });

  it.each(pairs)(
    '[SN-1] [SN-2] [SN-11] every guarantee holds for a cut in a session that switches from %s to %s',
    { tags: ['wide'] },
    (from, to) => {
      const result = explore({ from, to, notified }, stride);
      expect(result.broken).toEqual([]);
      expect(result.steps).toBeGreaterThan(30);
      expect(result.runs).toBeGreaterThan((result.bytes + result.steps) / stride);
    },
  );
});
