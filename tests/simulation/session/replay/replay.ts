import type { Recording } from '@everywire/protocol';
import { ClientReplay } from './client-replay.js';
import { ServerReplay } from './server-replay.js';

/**
 * Feeds the inputs of a recording to a new client or server session, at the recorded times and with blank messages of the
 * recorded lengths. Stops where the recording is no longer complete. Returns the recording of the new session.
 */
export function replay(recording: Recording): Recording {
  return recording.end === 'server' ? new ServerReplay(recording).run() : new ClientReplay(recording).run();
}

/** Returns a readable description of the first difference; `null` if there is none. */
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
