import type { Recording } from '@everywire/protocol';
import { describe, expect, it } from 'vitest';
import { Simulation } from '../simulate.js';
import { differenceOf, replay } from './replay.js';
import { reportReplay } from './report.js';

// A recording lists all inputs and outputs of one end of a session. A replay feeds the inputs to a new session and compares
// the outputs.

/** Returns the recordings of the client and of all server sessions in a simulated run with random faults. */
function recordingsOf(seed: number): readonly Recording[] {
  const simulation = new Simulation(seed, { recorded: true });
  simulation.run();
  const applications = simulation.nodes.flatMap((node) => node.applications);
  return [simulation, ...applications].flatMap(({ recorder }) => (recorder === null ? [] : [recorder.recording]));
}

describe('a recording of a session', () => {
  const recordings = Array.from({ length: 300 }, (_, k) => recordingsOf(k + 1)).flat();

  it('a recording replays: a new machine given the same inputs, with messages of equal length, makes the same calls', () => {
    const differences = recordings.flatMap((recording) => differenceOf(recording, replay(recording)) ?? []);
    expect(recordings.length).toBeGreaterThan(300);
    expect(differences).toEqual([]);
  });

  it('the report on a recording states that it replays, where it differs, or why it is invalid', () => {
    const recording = recordings[0] as Recording;
    const { length } = recording.entries;
    expect(reportReplay(JSON.stringify(recording))).toEqual({
      line: `${length} entries of the ${recording.end} replayed, no difference`,
      status: 0,
    });
    const index = recording.entries.findIndex(({ out }) => out === 'writeRecord' || out === 'connect');
    const entries = recording.entries.map((entry, at) => (at === index ? { ...entry, with: ['other'] } : entry));
    const { line, status } = reportReplay(JSON.stringify({ ...recording, entries }));
    expect(line).toMatch(`The replay differs at the ${recording.end}: entry ${index}: `);
    expect(status).toBe(1);
    expect(reportReplay('')).toEqual({ line: expect.stringMatching(/^This is not JSON: /), status: 2 });
    const others = [
      null,
      [],
      {},
      { ...recording, version: 2 },
      { ...recording, end: 'x' },
      { version: 1, end: 'client' },
    ];
    for (const other of others) {
      expect(reportReplay(JSON.stringify(other))).toEqual({
        line: expect.stringMatching(/^This is not a recording: /),
        status: 2,
      });
    }
  });
});
