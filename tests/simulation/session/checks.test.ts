import { describe, expect, it } from 'vitest';
import { checkEnd } from './checks.js';
import type { Simulation } from './simulate.js';

// `checkEnd` checks the end of a simulated run. Here it receives the facts of a run in which the server was restored
// from an older state. A verdict is how an end reports the end of the session: clean or not, and a code.

const verdict = (clean: boolean, code: string) => ({ clean, code, acknowledged: 0, sent: 0, unknown: 0 });

/** Returns the facts of a run whose server was restored from an older state and noticed this, changed by `facts`. */
function restored(facts: Partial<Simulation>): Simulation {
  const ends = { clientVerdict: verdict(true, 'closed'), serverVerdict: verdict(false, 'lost') };
  const run = { rolledBack: true, heardRestored: false, misdelivered: false, damagedAt: 1000, noticedAt: 2000 };
  const world = { server: {}, network: { removed: 0 }, handOver: {}, profile: { heartbeatMs: 1000 } };
  return { ...ends, ...run, ...world, ...facts } as Simulation;
}

describe('the checker of a server restored from an older state', () => {
  it('the checker accepts a clean end of a client that got nothing from the restored server (seed 398262)', () => {
    expect(checkEnd(restored({}))).toBeUndefined();
  });

  it('the checker rejects a clean end of a client that got something from the restored server or a wrong message', () => {
    const unnoticed = 'damage was not noticed: client closed, server lost';
    expect(checkEnd(restored({ heardRestored: true }))).toBe(unnoticed);
    expect(checkEnd(restored({ rolledBack: false, misdelivered: true }))).toBe(unnoticed);
  });

  it('the checker rejects a clean end of the restored server, and a late notice', () => {
    const serverVerdict = verdict(true, 'closed');
    const clientVerdict = verdict(false, 'lost');
    expect(checkEnd(restored({ clientVerdict, serverVerdict }))).toMatch(/^damage was not noticed/);
    expect(checkEnd(restored({ noticedAt: 60_000 }))).toMatch(/^damage noticed after/);
  });

  it("the checker compares with the earlier server's messages if a client that got nothing from the restored one gives up (seed 863381)", () => {
    const [before, after] = [{ serial: 6 }, { serial: 6 }];
    const server = { got: [], sent: [after], queue: [] };
    const application = { got: [before], sent: [], queue: [] };
    const ends = { clientVerdict: verdict(false, 'timeout'), serverVerdict: verdict(false, 'timeout') };
    const run = { ...ends, server, application, closedAt: 0 } as unknown as Partial<Simulation>;
    expect(checkEnd(restored(run))).toBeUndefined();
    expect(checkEnd(restored({ ...run, heardRestored: true }))).toBe('delivered something else than was sent');
    expect(checkEnd(restored({ ...run, rolledBack: false }))).toBe('delivered something else than was sent');
  });
});
