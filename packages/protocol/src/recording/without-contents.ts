import { errorCodes } from '../error-codes.js';
import type { SessionLimits, Window } from '../limits.js';
import type { Message } from '../message.js';
import type { ControlRecord } from '../record.js';
import { hasAll } from '../record-check.js';
import type { RecordedMessage } from './recording.js';
import type { Tape } from './tape.js';

/** Names that stand for secrets and words of the application: equal ones get the same name. */
export class Aliases {
  readonly #tape: Tape;
  readonly #known: Map<string, number> = new Map();

  /** @param tape pays for what is kept of words; once it is full, new ones are all nought */
  constructor(tape: Tape) {
    this.#tape = tape;
  }

  numberOf(word: string): number {
    const known = this.#known.get(word);
    if (known !== undefined) return known;
    if (!this.#tape.charge(word.length * (wide.test(word) ? 2 : 1) + wordBytes)) return 0;
    this.#known.set(word, this.#known.size + 1);
    return this.#known.size;
  }

  of(word: string): string {
    return `#${this.numberOf(word)}`;
  }
}

/** What a word costs besides its letters. */
const wordBytes = 48;
/** A text with one of these takes two bytes for each unit. */
const wide = /[\u0100-\uffff]/;
/**
 * What may be shown as it is, where it is a number or a boolean: a record is checked only for the fields of its own name, so that in
 * any other of these a stranger may have put a text. Any other field may hold anything: a body has its messages there, and a stranger whatever it likes.
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
/** What is said only to whom it is meant for, or may be any word: replaced by a name, so that one can see which are the same. */
const secrets = ['id', 'nonce', 'token', 'answer', 'topic', 'tried'];
/** What is kept of a nonce: polls are held by it (SN-15). The rest of its 128 bits nobody can guess. */
export const nonceUnitsKept = 4;

/**
 * A record as it may be shown to anybody. A checksum is one of contents, and of a short message tells what it was: 0 stands for
 * one that fits, 1 for one that does not.
 *
 * @param fits whether `sum` is that of what was sent; of a record that this machine wrote it always is
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
  // Characters of base64, and how many of them are padding.
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

/** A code that is not of this project may be any word of an application or a stranger. */
export function codeWithoutContents(code: string, aliases: Aliases): string {
  knownCodes ??= new Set(errorCodes.map((known) => known.code));
  return knownCodes.has(code) ? code : aliases.of(code);
}

export function messageWithoutContents(message: Message, keys: Aliases): RecordedMessage {
  const { binary, byteLength, typed, key } = message;
  const kind = typed ? 'y' : binary ? 'b' : 't';
  return key === undefined ? [kind, byteLength] : [kind, byteLength, keys.numberOf(key)];
}
