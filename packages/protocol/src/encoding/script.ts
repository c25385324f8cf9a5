import type { Message } from '../message.js';
import { type ControlRecord, encodeRecord } from '../record.js';
import { type Encoding, encodedOnce, SLOT } from './encoding.js';
import { encodeMessageJson } from './json-item.js';
import { literalInside } from './string-literal.js';

const textEncoder: TextEncoder = new TextEncoder();

/**
 * Encodes each item as a script element, for an endless document in a hidden frame. The script calls the function `e` of
 * its document with the item's JSON as one string literal (EN-21), and the function passes the text to `decodeItemJson`.
 */
export const scriptEncoding: Encoding = {
  contentType: 'text/html;charset=utf-8',
  encodeMessage(message: Message): Uint8Array {
    return encodedOnce(message, SLOT.script, (one) => textEncoder.encode(scriptOf(encodeMessageJson(one))));
  },
  encodeRecord(record: ControlRecord): Uint8Array {
    return textEncoder.encode(scriptOf(encodeRecord(record)));
  },
};

/** Returns a script element with an item. @param json of the item; empty for the end of a document */
export function scriptOf(json: string): string {
  return `<script>e("${literalInside(json)}")</script>\n`;
}
