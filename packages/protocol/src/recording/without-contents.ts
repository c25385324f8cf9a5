import { errorCodes } from '../error-codes.js';
import type { SessionLimits, Window } from '../limits.js';
import type { Message } from '../message.js';
import type { ControlRecord } from '../record.js';
import { hasAll } from '../record-check.js';
import type { RecordedMessage } from './recording.js';
import type { RecordingBuffer } from './recording-buffer.js';

/** Replaces secrets and words of the application by aliases. Equal words get the same alias. */
export class Aliases {
  readonly #recordingBuffer: RecordingBuffer;
  readonly #known: Map<string, number> = new Map();

  /** @param recordingBuffer is charged for the kept words; once it is full, every new word gets the number 0 */
  constructor(recordingBuffer: RecordingBuffer) {
    this.#recordingBuffer = recordingBuffer;
  }

  /** Returns the number of a word, or 0 for a new word if the recording buffer is full. */
  numberOf(word: string): number {
    const known = this.#known.get(word);
    if (known !== undefined) return known;
    if (!this.#recordingBuffer.charge(word.length * (wide.test(word) ? 2 : 1) + WORD_BYTES)) return 0;
    this.#known.set(word, this.#known.size + 1);
    return this.#known.size;
  }

  /** Returns the alias of a word. */
  of(word: string): string {
    return `#${this.numberOf(word)}`;
  }
}

/** Overhead of a word in bytes in addition to its characters. */
const WORD_BYTES = 48;
/** Matches characters that make a text take two bytes per unit. */
const wide = /[\u0100-\uffff]/;
/**
 * Fields kept unchanged if they are numbers or booleans. Only the fields of a record's own name are checked, so an
 * untrusted peer may have put text into any other. Fields not listed may hold anything, such as the messages of a body.
 */
const shown = [
  ...['n', 'instance', 'hidden', 'prompt', 'every', 'resets', 'first', 'count', 'blind', 'attached', 'at'],
  ...[
    'version',
    'ms',
    'retryAfterMs',
    'of',
    'as',
    'ack',
    'received',
    'seen',
    'sent',
    'last',
    'want',
    'partial',
    'same',
    'clean',
    'no',
  ],
];
/** Fields that are secret or hold arbitrary words. Replaced by aliases, so that equal values remain recognisable. */
const secrets = ['id', 'nonce', 'token', 'answer', 'topic', 'tried'];
/**
 * Number of final units of a nonce that are kept, because they determine how long polls are held (SN-15). The rest is
 * secret.
 */
export const NONCE_UNITS_KEPT = 4;

/**
 * Returns a record without contents. A checksum could reveal a short message, so it is replaced by 0 if it matches and
 * by 1 if it does not.
 *
 * @param fits whether `sum` matches the sent messages; always true for records that this machine wrote
 */
export function recordWithoutContents(record: ControlRecord, aliases: Aliases, fits: boolean): object {
  const { t, sum, lastSum, part, code, limits, ...given } = record as ControlRecord & Readonly<Record<string, unknown>>;
  const kept: Record<string, unknown> = { t };
  for (const name of shown) if (isPlain(given[name])) kept[name] = given[name];
  for (const name of secrets) if (typeof given[name] === 'string') kept[name] = aliases.of(given[name]);
  if (isPlain(sum)) kept['sum'] = Number(!fits);
  if (isPlain(lastSum)) kept['lastSum'] = 0;
  if (hasAll({ limits }, 'Llimits')) kept['limits'] = limitsWithoutContents(limits as SessionLimits);
  if (typeof code === 'string') kept['code'] = codeWithoutContents(code, aliases);
  // The number of base64 characters, and how many of them are padding.
  if (typeof part === 'string') kept['part'] = [part.length, part.length - part.replace(/=+$/, '').length];
  return kept;
}

function isPlain(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'boolean';
}

function limitsWithoutContents(limits: SessionLimits): SessionLimits {
  const { messageBytesMax, batchMessagesMax, batchBytesMax, up, down, heartbeatMs, heartbeatHiddenMs } = limits;
  const windowOf = ({ messages, bytes }: Window): Window => ({ messages, bytes });
  const windows = { up: windowOf(up), down: windowOf(down) };
  return { messageBytesMax, batchMessagesMax, batchBytesMax, ...windows, heartbeatMs, heartbeatHiddenMs };
}

let knownCodes: ReadonlySet<string> | null = null;

/**
 * Returns a code of this project, and an alias for any other, which may be any word of an application or an untrusted
 * peer.
 */
export function codeWithoutContents(code: string, aliases: Aliases): string {
  knownCodes ??= new Set(errorCodes.map((known) => known.code));
  return knownCodes.has(code) ? code : aliases.of(code);
}

/** Returns the kind, length and numbered key of a message. */
export function messageWithoutContents(message: Message, keys: Aliases): RecordedMessage {
  const { binary, byteLength, typed, key } = message;
  const kind = typed ? 'y' : binary ? 'b' : 't';
  return key === undefined ? [kind, byteLength] : [kind, byteLength, keys.numberOf(key)];
}
