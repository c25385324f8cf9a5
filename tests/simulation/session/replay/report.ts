import type { Recording } from '@everywire/protocol';
import { differenceOf, replay } from './replay.js';

export interface ReplayReport {
  /** A line for people. */
  readonly line: string;
  /** The exit status: 0 if the replay was the same, 1 if it differed, 2 if there is nothing to replay. */
  readonly status: 0 | 1 | 2;
}

/** @param text the content of a file with one recording, as either end reports it */
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
  let given: Partial<Recording> | null;
  try {
    given = JSON.parse(text);
  } catch (error) {
    return `This is not JSON: ${(error as Error).message}`;
  }
  if (given?.version !== 1) return 'This is not a recording: it has no version 1';
  if (given.end !== 'client' && given.end !== 'server')
    return 'This is not a recording: its end is no client or server';
  if (!Array.isArray(given.entries)) return 'This is not a recording: it has no entries';
  return given as Recording;
}
