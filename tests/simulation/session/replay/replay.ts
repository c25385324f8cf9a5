import type { Recording } from '@everywire/protocol';
import { ClientReplay } from './client-replay.js';
import { ServerReplay } from './server-replay.js';

/**
 * Feeds the inputs of a recording to a new session of the same end (client or server), at the recorded times and with blank
 * messages of the recorded lengths. A recording keeps only its first and its latest entries and counts those dropped in between
 * (`dropped`), so the replay stops where the first entries end. Returns the recording of the new session.
 */
export function replay(recording: Recording): Recording {
  return recording.end === 'server' ? new ServerReplay(recording).run() : new ClientReplay(recording).run();
}

/** Returns a readable description of the first difference; `null` if there is none. */
export function differenceOf(recording: Recording, replayed: Recording): string | null {
  const { length } = recording.entries;
  for (let index = 0; index < length; index += 1) {
    const [original, repeated] = [recording.entries[index], replayed.entries[index]].map((entry) =>
      JSON.stringify(entry),
    );
    if (original !== repeated) return `entry ${index}: recorded ${original}, replayed ${repeated}`;
  }
  // If the recording has dropped entries, the replay may have more of them than the recording kept.
  return replayed.entries.length > length && recording.dropped === 0 && recording.latest.length === 0
    ? `replayed in addition: ${JSON.stringify(replayed.entries[length])}`
    : null;
}
