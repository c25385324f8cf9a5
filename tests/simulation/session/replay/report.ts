import type { Recording } from '@everywire/protocol';
import { differenceOf, replay } from './replay.js';

/** The result of a replay. */
export interface ReplayReport {
  /** The result in one line. */
  readonly line: string;
  /** The exit status: 0 if the replay was the same, 1 if it differed, 2 if there is nothing to replay. */
  readonly status: 0 | 1 | 2;
}

/** Replays a recording and reports the result. `text` is the content of a file with one recording of a client or server. */
export function reportReplay(text: string): ReplayReport {
  const recording = read(text);
  if (typeof recording === 'string') return { line: recording, status: 2 };
  const { end, entries, dropped } = recording;
  const gap = dropped > 0 ? `, as far as it is whole: ${dropped} had no room` : '';
  try {
    const difference = differenceOf(recording, replay(recording));
    if (difference !== null) return { line: `The replay differs at the ${end}: ${difference}`, status: 1 };
  } catch (error) {
    return { line: `The replay broke at the ${end}: ${(error as Error).stack}`, status: 1 };
  }
  return { line: `${entries.length} entries of the ${end} replayed, no difference${gap}`, status: 0 };
}

/** @returns the recording, or a readable reason why it is invalid */
function read(text: string): Recording | string {
  let recording: Partial<Recording> | null;
  try {
    recording = JSON.parse(text);
  } catch (error) {
    return `This is not JSON: ${(error as Error).message}`;
  }
  if (recording?.version !== 1) return 'This is not a recording: it has no version 1';
  if (recording.end !== 'client' && recording.end !== 'server')
    return 'This is not a recording: its end is no client or server';
  if (!Array.isArray(recording.entries)) return 'This is not a recording: it has no entries';
  return recording as Recording;
}
