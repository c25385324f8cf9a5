import type { Simulation } from './simulate.js';

/** Returns how many milliseconds an application takes to process a message. `slow` selects one of three behaviours. */
export function pauseOf({ profile: { slow }, random, network }: Simulation): number {
  if (slow === 0) return random.below(5);
  if (slow === 1) return random.below(120);
  return network.faults && random.chance(0.02) ? random.below(4000) : random.below(20);
}
