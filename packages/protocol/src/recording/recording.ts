import type { BufferLimits, SessionLimits, SessionTimes } from '../limits.js';

/**
 * A recording of one end of a session as plain JSON, without the contents of messages, tokens or ids. It can be
 * replayed: a new session machine that is fed the recorded inputs, with messages of equal length, produces the recorded
 * outputs.
 */
export type Recording = ServerRecording | ClientRecording;

/** Fields of the recordings of both ends. */
interface EitherRecording {
  readonly version: 1;
  /** Milliseconds on the machine's clock when the session began. All other times are on the same clock. */
  readonly bornAt: number;
  readonly buffers: BufferLimits;
  /** The first entries, without a gap. */
  readonly entries: readonly RecordedEntry[];
  /** Number of entries dropped between `entries` and `latest`. */
  readonly dropped: number;
  /** The last entries, if there was no room for all. */
  readonly latest: readonly RecordedEntry[];
  /** Whether the checksum over all the peer's messages differed from that of the received ones (SN-4). */
  readonly differed: boolean;
}

/** Recording of a session at the server. */
export interface ServerRecording extends EitherRecording {
  readonly end: 'server';
  /** The end of the nonce, which determines how long each poll is held (SN-15). */
  readonly nonce: string;
  /** The alias of the first session id. */
  readonly id: string;
  /** Whether early messages of the `open` are delivered immediately (SN-14). */
  readonly earlyAtOnce: boolean;
  readonly limits: SessionLimits;
  readonly times: SessionTimes;
}

/** Recording of a session at the client. */
export interface ClientRecording extends EitherRecording {
  readonly end: 'client';
  /** Random number that distinguishes this instance from a duplicated tab (SN-9). */
  readonly instance: number;
}

/**
 * A message without its content: the kind (text, binary, typed: SN-31), the length, and a number for the key if the
 * message replaces others (SN-33).
 */
export type RecordedMessage = readonly [kind: 't' | 'b' | 'y', byteLength: number, key?: number];

/** A link by its number. Its kind and transport are recorded at its first use. */
export interface RecordedLink {
  readonly link?: number;
  readonly kind?: string;
  /** `null` for a POST of the client. */
  readonly transport?: string | null;
}

/**
 * One call: `in` is a call into the session machine, `out` one that the machine made. `depth` is the number of inputs
 * in progress when an input came: such an input was made by the application during the preceding output. The output
 * `timer` is the time of the machine's next tick.
 */
export interface RecordedEntry extends RecordedLink {
  readonly in?: string;
  readonly out?: string;
  readonly depth?: number;
  /** For an input: the machine's time. */
  readonly at?: number;
  /** The other arguments, in the order of the call. */
  readonly with?: readonly unknown[];
}
