import type { Recording } from '@everywire/protocol';
import { ClientReplay } from './client-replay.js';
import { ServerReplay } from './server-replay.js';

/**
 * Feeds the inputs of a recording, as far as it is complete, to a new machine, with messages of equal length and at the
 * recorded times. @returns the recording of the new machine
 */
export function replay(recording: Recording): Recording {
  return recording.end === 'server' ? new ServerReplay(recording).run() : new ClientReplay(recording).run();
}

/** @returns a readable description of the first difference; `null` for none */
export function differenceOf(recording: Recording, replayed: Recording): string | null {
  const { length } = recording.entries;
  for (let index = 0; index < length; index += 1) {
    const [was, is] = [recording.entries[index], replayed.entries[index]].map((entry) => JSON.stringify(entry));
    if (was !== is) return `entry ${index}: ${was} was recorded, and replayed ${is}`;
  }
  return replayed.entries.length > length && recording.dropped === 0 && recording.latest.length === 0
    ? `replayed too: ${JSON.stringify(replayed.entries[length])}`
    : null;
}
