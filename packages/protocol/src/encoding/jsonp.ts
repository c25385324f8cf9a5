import type { Message } from '../message.js';
import { type ControlRecord, encodeRecord } from '../record.js';
import { type Encoding, encodedOnce, SLOT } from './encoding.js';
import { encodeMessageJson } from './json-item.js';
import { pollRecordJson } from './poll-record.js';
import { literalInside } from './string-literal.js';

const textEncoder: TextEncoder = new TextEncoder();

/**
 * JSON lines as the inside of one string literal (EN-22): an answer is `jsonpHead`, any number of items, `jsonpTail`. What reads
 * it is a browser's own parser; the function splits the text at LF and hands the lines to `decodeItemJson`.
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

/** The comment keeps the callback's name, which a stranger chose, from being the first bytes of any other file format. */
export function jsonpHead(callback: string): string {
  return `/**/${callback}("`;
}

export const jsonpTail = '");\n';

const CALLBACK = /^[A-Za-z_$][\w$]{0,31}(\.[A-Za-z_$][\w$]{0,31}){0,3}$/;
const CALLBACK_UNITS_MAX = 32;

/** Whether that is a name, or names with points between, and leads to nothing that every object has. */
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
