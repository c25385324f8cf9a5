import { afterAll, afterEach, expect, it } from 'vitest';
import { assertsFigures } from '../lane.js';
import { Neighbour } from './neighbour.js';
import { endPeers } from './peer.js';
import { laneTags } from './rows.js';
import type { ProgramOptions } from './server-program.js';
import { STALL_MS_MAX } from './stall-limit.js';
import { Target } from './target.js';

/** The maximum growth of the server in bytes, after a collection, by caches and compiled code. */
const BYTES_MAX = 8 << 20;

export interface RowOptions extends ProgramOptions {
  /** The notice that must be logged, once per interval, and counted each time. */
  readonly notice?: string;
  /** Default `STALL_MS_MAX`; more where many honest peers may be served in one tick. */
  readonly stallMsMax?: number;
  /** The maximum growth of the process in bytes. */
  readonly bytesMax?: number;
}

const targets = new Map<string, Promise<Target>>();
afterEach(endPeers);
afterAll(async () => {
  for (const target of targets.values()) await (await target).end();
  targets.clear();
});

/**
 * Tests one row of the list of hostile input: runs the attack on a server that also has an honest client, and checks
 * the rule for every row afterwards. Rows with the same settings share a server.
 */
export function hostileRow(name: string, options: RowOptions, attack: (target: Target) => Promise<void>): void {
  it(name, { tags: laneTags(name) }, async () => {
    const { notice, bytesMax = BYTES_MAX, stallMsMax = STALL_MS_MAX, ...program } = options;
    const target = await targetFor(program);
    const neighbour = await Neighbour.join(target.port);
    const before = await target.report();
    try {
      await attack(target);
      await neighbour.expectUnharmed();
    } finally {
      // The next row counts what the server holds, also if this one failed.
      neighbour.leave();
      endPeers();
    }
    expect(target.running).toBe(true);
    const after = await target.report();
    expect(after.errors).toEqual([]);
    if (assertsFigures) {
      expect(after.stallMs).toBeLessThanOrEqual(stallMsMax);
      expect(after.bytes - before.bytes).toBeLessThanOrEqual(bytesMax);
    }
    if (notice === undefined) return;
    expect(after.counters[notice] ?? 0).toBeGreaterThan(before.counters[notice] ?? 0);
    // The notice is limited by interval, not by the number of occurrences.
    expect((after.told[notice] ?? 0) - (before.told[notice] ?? 0)).toBeLessThanOrEqual(NOTICES_MAX);
  });
}

/** A row lasts less than three intervals of ten seconds. */
const NOTICES_MAX = 3;

function targetFor(program: ProgramOptions): Promise<Target> {
  const key = JSON.stringify(program);
  const known = targets.get(key);
  if (known !== undefined) return known;
  const started = Target.start(program);
  targets.set(key, started);
  return started;
}
