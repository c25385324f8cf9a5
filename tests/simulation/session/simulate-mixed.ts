import { Mixer } from './mixer.js';
import { faultsEnd, type Profile } from './profile.js';
import { createRandom } from './random.js';
import type { RunOptions, RunResult } from './run-result.js';
import { Simulation } from './simulate.js';

/**
 * Two sessions behind one proxy, whose messages differ in a few bytes only; without a rollback, which would hide what
 * they report.
 */
const mixedProfile: Partial<Profile> = {
  mixed: 0.5,
  rollback: false,
  remove: false,
  twoNodes: false,
  handOver: 'never',
  closeEarly: false,
};

/**
 * Runs two whole sessions whose answers a proxy mixes up. If only whole answers are mixed up, both sessions continue as
 * if the answers had been lost; if a stream continues in the other's, both may end with `lost`, and neither with
 * anything else.
 */
export function simulateMixed(seed: number, { profile, trace }: RunOptions = {}): readonly [RunResult, RunResult] {
  const random = createRandom(seed + 5e6);
  const crosses = random.chance(0.5);
  const only = random.pick([undefined, 'poll', 'stream'] as const);
  const options = { profile: { ...mixedProfile, only, ...profile } };
  const traced = (name: string): Pick<RunOptions, 'trace'> =>
    trace ? { trace: (line: string) => trace(`${name} ${line}`) } : {};
  const one = new Simulation(2 * seed, { ...options, ...traced('A'), instance: 2 });
  const other = new Simulation(2 * seed + 1, { ...options, ...traced('B'), instance: 3 });
  const mixer = new Mixer();
  for (const { network } of [one, other]) network.mixer = mixer;
  if (crosses) planCrossing(one, other, mixer, random.below(faultsEnd));
  for (const simulation of [one, other]) simulation.begin();
  for (let next = pickNext(one, other); next; next = pickNext(one, other)) next.step();
  const named = { seed, mixed: true };
  return [
    { ...one.finish(), ...named },
    { ...other.finish(), ...named },
  ];
}

/** Tries every second, from then on, to find two open links. */
function planCrossing(one: Simulation, other: Simulation, mixer: Mixer, at: number): void {
  one.clock.at(at, () => {
    if (one.clock.now > faultsEnd || mixer.cross(one.network, other.network, 'stream')) return;
    if (!mixer.cross(one.network, other.network, 'duplex')) planCrossing(one, other, mixer, one.clock.now + 1000);
  });
}

/** Returns the run whose next event comes first, so that both clocks advance together. */
function pickNext(one: Simulation, other: Simulation): Simulation | undefined {
  if (one.goesOn && other.goesOn) return other.clock.next < one.clock.next ? other : one;
  return one.goesOn ? one : other.goesOn ? other : undefined;
}
