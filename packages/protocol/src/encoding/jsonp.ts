import type { Message } from '../message.js';
import { type ControlRecord, encodeRecord } from '../record.js';
import { type Encoding, encodedOnce, SLOT } from './encoding.js';
import { encodeMessageJson } from './json-item.js';
import { pollRecordJson } from './poll-record.js';
import { literalInside } from './string-literal.js';

const textEncoder: TextEncoder = new TextEncoder();

/**
 * Encodes items as JSON lines inside one string literal of a script (EN-22). An answer is `jsonpHead`, any number of items,
 * and `JSONP_TAIL`. The browser runs it as a script, which calls the page's callback with the text. The callback splits
 * the text at LF and passes the lines to `decodeItemJson`.
 */
export const jsonpEncoding: Encoding = {
  contentType: 'text/javascript;charset=utf-8',
  encodeMessage(message: Message): Uint8Array {
    return encodedOnce(message, SLOT.jsonp, (one) => textEncoder.encode(lineOf(encodeMessageJson(one))));
  },
  encodeRecord(record: ControlRecord): Uint8Array {
    return textEncoder.encode(recordLine(record));
  },
  recordText: recordLine,
};

/**
 * Returns the start of an answer. It begins with a comment, so that an attacker cannot choose a callback name that makes
 * the answer look like a file of another format.
 */
export function jsonpHead(callback: string): string {
  return `/**/${callback}("`;
}

/** Ends an answer. */
export const JSONP_TAIL = '");\n';

/** Matches a callback: up to four names joined by dots. */
const CALLBACK = /^[A-Za-z_$][\w$]{0,31}(\.[A-Za-z_$][\w$]{0,31}){0,3}$/;
const CALLBACK_UNITS_MAX = 32;

/**
 * Returns whether `name` is an identifier, or several joined by dots, that leads to no property that every object has.
 */
export function isCallback(name: string): boolean {
  if (name.length > CALLBACK_UNITS_MAX || !CALLBACK.test(name)) return false;
  return !/(^|\.)(constructor|__proto__|prototype)(\.|$)/.test(name);
}

function recordLine(record: ControlRecord): string {
  const inside = pollRecordJson(record, '\\"');
  return inside === null ? lineOf(encodeRecord(record)) : `${inside}\\n`;
}

function lineOf(json: string): string {
  return literalInside(`${json}\n`);
}
