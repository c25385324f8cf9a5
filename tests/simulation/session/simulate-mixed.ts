import { Mixer } from './mixer.js';
import { faultsEnd, type Profile } from './profile.js';
import { createRandom } from './random.js';
import type { RunOptions, RunResult } from './run-result.js';
import { Simulation } from './simulate.js';

/**
 * The profile of two sessions behind one proxy. Their messages differ in a few bytes only. Other faults that end a session
 * with `lost` are off, because they would hide the effect of mixed-up answers.
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
 * Runs two sessions whose answers a proxy mixes up, and returns both results. If only complete answers are mixed up, both
 * sessions continue as if the answers had been lost. If a stream of one session continues with that of the other, both
 * may end with `lost`, but with no other error.
 */
export function simulateMixed(seed: number, { profile, trace }: RunOptions = {}): readonly [RunResult, RunResult] {
  // An offset that no other generator of a run has, so that the generators are independent.
  const random = createRandom(seed + 5e6);
  const crosses = random.chance(0.5);
  const only = random.pick([undefined, 'poll', 'stream'] as const);
  const options = { profile: { ...mixedProfile, only, ...profile } };
  const traceOptions = (name: string): Pick<RunOptions, 'trace'> =>
    trace ? { trace: (line: string) => trace(`${name} ${line}`) } : {};
  const first = new Simulation(2 * seed, { ...options, ...traceOptions('A'), instance: 2 });
  const second = new Simulation(2 * seed + 1, { ...options, ...traceOptions('B'), instance: 3 });
  const mixer = new Mixer();
  for (const { network } of [first, second]) network.mixer = mixer;
  if (crosses) planCrossing(first, second, mixer, random.below(faultsEnd));
  for (const simulation of [first, second]) simulation.begin();
  for (let next = pickNext(first, second); next; next = pickNext(first, second)) next.step();
  const identity = { seed, mixed: true };
  return [
    { ...first.finish(), ...identity },
    { ...second.finish(), ...identity },
  ];
}

/** Crosses two open streams or WebSockets at time `at`. Tries again every second until there are two. */
function planCrossing(one: Simulation, other: Simulation, mixer: Mixer, at: number): void {
  one.clock.at(at, () => {
    if (one.clock.now > faultsEnd || mixer.cross(one.network, other.network, 'stream')) return;
    if (!mixer.cross(one.network, other.network, 'duplex')) planCrossing(one, other, mixer, one.clock.now + 1000);
  });
}

/** Returns the run whose next event comes first, so that both clocks advance together; `undefined` if both have ended. */
function pickNext(one: Simulation, other: Simulation): Simulation | undefined {
  if (one.goesOn && other.goesOn) return other.clock.next < one.clock.next ? other : one;
  return one.goesOn ? one : other.goesOn ? other : undefined;
}
