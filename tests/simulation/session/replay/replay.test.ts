import type { Recording } from '@everywire/protocol';
import { describe, expect, it } from 'vitest';
import { Simulation } from '../simulate.js';
import { differenceOf, replay } from './replay.js';

/** Of sessions that meet every fault there is. */
function recordingsOf(seed: number): readonly Recording[] {
  const simulation = new Simulation(seed, { recorded: true });
  simulation.run();
  const applications = simulation.nodes.flatMap((node) => node.applications);
  return [simulation, ...applications].flatMap(({ recorder }) => (recorder === null ? [] : [recorder.recording]));
}

describe('a recording', () => {
  const recordings = Array.from({ length: 300 }, (_, k) => recordingsOf(k + 1)).flat();

  it('replays: a new machine, told the same with messages of equal length, says the same', () => {
    const differences = recordings.flatMap((recording) => differenceOf(recording, replay(recording)) ?? []);
    expect(recordings.length).toBeGreaterThan(300);
    expect(differences).toEqual([]);
  });
});
