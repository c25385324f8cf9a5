import { afterAll, afterEach, expect, it } from 'vitest';
import { assertsFigures } from '../lane.js';
import { Neighbour } from './neighbour.js';
import { endPeers } from './peer.js';
import { laneTags } from './rows.js';
import type { ProgramOptions } from './server-program.js';
import { STALL_MS_MAX } from './stall-limit.js';
import { Target } from './target.js';

/** The most bytes by which the server's memory may grow, by caches and compiled code, after garbage collection. */
const BYTES_MAX = 8 << 20;

/** Options of a row: those of the attacked server, and what may happen to it. */
export interface RowOptions extends ProgramOptions {
  /** Code of the notice (a message to the operator) that the attack must cause. Counted each time, and reported once per interval. */
  readonly notice?: string;
  /** Default `STALL_MS_MAX`; more where many honest peers may be served in one tick. */
  readonly stallMsMax?: number;
  /** The maximum growth of the process in bytes. */
  readonly bytesMax?: number;
}

/** The attacked servers, by their options. */
const targets = new Map<string, Promise<Target>>();
afterEach(endPeers);
afterAll(async () => {
  for (const target of targets.values()) await (await target).end();
  targets.clear();
});

/**
 * Defines the test of one row of the list of hostile input (`rows.ts`). Runs the attack on a server that also has an honest
 * client. Then checks what must hold for every row: no error, no long stall, no lost message of the honest client, and no
 * memory that stays in use. Rows with the same options share a server.
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
      // The next row measures the memory of the same server, so all connections must end, also if this row failed.
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
