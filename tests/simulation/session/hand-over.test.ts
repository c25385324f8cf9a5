import { describe, expect, it } from 'vitest';
import type { Profile } from './profile.js';
import { Simulation } from './simulate.js';

// Simulates sessions with random faults. A session is handed over when one server node freezes it and another node
// restores it from a snapshot. A profile decides which faults a run has.

/** Number of runs of each test. */
const seeds = 120;

/** Runs all seeds with this profile. `broken` has a line for each run that violated a rule. */
function runs(profile: Partial<Profile>): {
  readonly broken: readonly string[];
  readonly simulations: readonly Simulation[];
} {
  const broken: string[] = [];
  const simulations = Array.from({ length: seeds }, (_, k) => {
    const simulation = new Simulation(k + 1, { profile: { rollback: false, remove: false, ...profile } });
    const result = simulation.run();
    if (result.broken) broken.push(`seed ${k + 1}: ${result.broken}`);
    return simulation;
  });
  return { broken, simulations };
}

/** Sums a number over all runs. */
function sum(simulations: readonly Simulation[], of: (simulation: Simulation) => number): number {
  return simulations.reduce((total, simulation) => total + of(simulation), 0);
}

describe('a session handed to another node during traffic', () => {
  it('[SN-1] [SN-24] a session handed to another node keeps every guarantee and ends cleanly', () => {
    const { broken, simulations } = runs({ handOver: 'sure' });
    expect(broken).toEqual([]);
    expect(sum(simulations, ({ handOver }) => handOver.done)).toBeGreaterThan(seeds);
    const lost = simulations.filter(({ clientVerdict }) => clientVerdict?.code === 'lost');
    expect(lost.length).toBeLessThan(seeds / 20);
  });

  it('[SN-4.1] [SN-24.6] a session that both nodes believe to have is lost, never doubled', () => {
    const { broken, simulations } = runs({ handOver: 'doubtful' });
    expect(broken).toEqual([]);
    expect(sum(simulations, ({ handOver }) => handOver.unconfirmed)).toBeGreaterThan(seeds / 4);
    expect(sum(simulations, ({ handOver }) => handOver.refused)).toBeGreaterThan(seeds / 10);
    expect(simulations.some(({ clientVerdict }) => clientVerdict?.code === 'lost')).toBe(true);
    expect(simulations.some(({ handOver, clientVerdict }) => handOver.unconfirmed > 0 && clientVerdict?.clean)).toBe(
      true,
    );
  });
});

describe('a session whose token expires during traffic', () => {
  it('[SN-20.5] [SN-21.6] a session whose token expires keeps every guarantee, suspended and with other ids', () => {
    const { broken, simulations } = runs({ renewals: true });
    expect(broken).toEqual([]);
    expect(sum(simulations, ({ renewals }) => renewals.resumed)).toBeGreaterThan(seeds / 2);
  });
});
