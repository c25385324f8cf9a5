import { afterAll, afterEach, expect, it } from 'vitest';
import { assertsFigures } from '../lane.js';
import { Neighbour } from './neighbour.js';
import { endPeers } from './peer.js';
import { laneTags } from './rows.js';
import type { ProgramOptions } from './server-program.js';
import { STALL_MS_MAX } from './stall-limit.js';
import { Target } from './target.js';

/** Bytes that a server may hold more than before, after a collection: caches and code that was compiled meanwhile. */
const BYTES_MAX = 8 << 20;

export interface RowOptions extends ProgramOptions {
  /** The notice that has to be told, once, and counted each time. */
  readonly notice?: string;
  /** Default `STALL_MS_MAX`; more where many honest peers may be served in one turn. */
  readonly stallMsMax?: number;
  /** The process is as large afterwards as before, but for so much. */
  readonly bytesMax?: number;
}

const targets = new Map<string, Promise<Target>>();
afterEach(endPeers);
afterAll(async () => {
  for (const target of targets.values()) await (await target).end();
  targets.clear();
});

/**
 * One row of the list of hostile input: what is done to a server that has an honest client too, and the rule for every row, which is
 * checked behind it. Rows with the same settings share a server.
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
      // The next row counts what the server holds, also where this one failed.
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
    // However often it happened: the notice has an interval of its own.
    expect((after.told[notice] ?? 0) - (before.told[notice] ?? 0)).toBeLessThanOrEqual(TOLD_MAX);
  });
}

/** A row lasts for less than three intervals of ten seconds. */
const TOLD_MAX = 3;

function targetFor(program: ProgramOptions): Promise<Target> {
  const key = JSON.stringify(program);
  const known = targets.get(key);
  if (known !== undefined) return known;
  const started = Target.start(program);
  targets.set(key, started);
  return started;
}
