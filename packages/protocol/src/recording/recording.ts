import type { BufferLimits, SessionLimits, SessionTimes } from '../limits.js';

/**
 * What one end of a session lived through, without the contents of a message, a token or an id: plain JSON. Fed to a new machine
 * with messages of equal length, the inputs bring about the outputs, which is how a recording replays.
 */
export type Recording = ServerRecording | ClientRecording;

/** What the recordings of both ends have. */
interface EitherRecording {
  readonly version: 1;
  /** Milliseconds of the machine's clock when the session began; every other time here is of the same clock. */
  readonly bornAt: number;
  readonly buffers: BufferLimits;
  /** From the beginning on, without a gap. */
  readonly entries: readonly RecordedEntry[];
  /** What came last, where not everything had room: between the two there is a gap of `dropped` entries. */
  readonly dropped: number;
  readonly latest: readonly RecordedEntry[];
  /** A checksum over everything the other end sent was not that of what came (SN-4). */
  readonly differed: boolean;
}

export interface ServerRecording extends EitherRecording {
  readonly end: 'server';
  /** End of the nonce, which says how long each poll is held (SN-15), and the name that stands for the first session id. */
  readonly nonce: string;
  readonly id: string;
  /** Whether messages of the opening pass at once (SN-14). */
  readonly earlyAtOnce: boolean;
  readonly limits: SessionLimits;
  readonly times: SessionTimes;
}

export interface ClientRecording extends EitherRecording {
  readonly end: 'client';
  /** Random number that tells this instance from a duplicated tab (SN-9). */
  readonly instance: number;
}

/** Kind and length of a message: text, binary, typed (SN-31); and a number for its key, where it replaces others (SN-33). */
export type RecordedMessage = readonly [kind: 't' | 'b' | 'y', byteLength: number, key?: number];

/** A link, by its number; what it is stands beside it the first time. */
export interface RecordedLink {
  readonly link?: number;
  readonly kind?: string;
  /** `null` for a POST, at the client. */
  readonly transport?: string | null;
}

/**
 * One call: `in`, into the machine, or `out`, which it made. `depth` inputs were under way when an input came: it was made by the
 * application from inside the output before it. `timer` is an output too: when the machine next wants to be called.
 */
export interface RecordedEntry extends RecordedLink {
  readonly in?: string;
  readonly out?: string;
  readonly depth?: number;
  /** Of an input: the clock as the machine had it. */
  readonly at?: number;
  /** What else was said, in the order of the call. */
  readonly with?: readonly unknown[];
}
