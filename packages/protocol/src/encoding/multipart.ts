import type { Message } from '../message.js';
import { type ControlRecord, encodeRecord } from '../record.js';
import { type DecodeError, type Decoder, type Encoding, encodedOnce, type ItemSink, SLOT } from './encoding.js';
import { decodeItemJson, encodeMessageJson } from './json-item.js';
import { createLineSplitter } from './line-splitter.js';

const textEncoder: TextEncoder = new TextEncoder();

/** One item a part of `multipart/x-mixed-replace`, with what stands before the first part and behind the last one. */
export interface MultipartEncoding extends Encoding {
  readonly prelude: Uint8Array;
  readonly epilogue: Uint8Array;
}

/**
 * A part ends with the delimiter of the next, so that it is whole for whoever reads or flushes by parts (RFC 2046 section 5.1.1).
 * The boundary holds a `=`, which is escaped in every item: no item can hold it, also of one who knows it (EN-19).
 *
 * @param secret random, of letters and digits; the same for all messages of a process, whose bytes are shared (SN-5)
 */
export function createMultipartEncoding(secret: string): MultipartEncoding {
  const boundary = `everywire=${secret}`;
  const encode = (json: string): Uint8Array =>
    textEncoder.encode(`Content-Type: application/json\r\n\r\n${json.replace(/=/g, '\\u003d')}\r\n--${boundary}\r\n`);
  const partOf = (message: Message): Uint8Array => encode(encodeMessageJson(message));
  return {
    contentType: `multipart/x-mixed-replace; boundary="${boundary}"`,
    prelude: textEncoder.encode(`--${boundary}\r\n`),
    // A last part without content, because the delimiter before it is written already.
    epilogue: textEncoder.encode(`\r\n\r\n--${boundary}--\r\n`),
    encodeMessage: (message) => encodedOnce(message, SLOT.multipart, partOf),
    encodeRecord: (record: ControlRecord) => encode(encodeRecord(record)),
  };
}

/** Longest delimiter line: two hyphens and a boundary (RFC 2046 section 5.1.1). */
const DELIMITER_UNITS_MAX = 72;

/** What a line is: the delimiter of a boundary, the last one, or neither. A relay may have put white space behind it. */
function placeOf(line: string, delimiter: string): 'next' | 'last' | null {
  if (line.slice(0, delimiter.length) !== delimiter) return null;
  const rest = line.slice(delimiter.length).trim();
  if (rest === '') return 'next';
  return rest === '--' ? 'last' : null;
}

/**
 * Reads parts, split anywhere. The first line tells the boundary; headers of parts are passed over, and so is a part without
 * content.
 * @param partUnitsMax longest line, and longest content of a part, in UTF-16 code units.
 */
export function createMultipartDecoder(sink: ItemSink, partUnitsMax: number): Decoder {
  let delimiter = '';
  let state: 'first' | 'headers' | 'content' | 'over' = 'first';
  let content = '';

  const onFirst = (line: string): DecodeError | null => {
    delimiter = line.slice(0, DELIMITER_UNITS_MAX + 1).trim();
    state = 'headers';
    return /^--./.test(delimiter) && delimiter.length <= DELIMITER_UNITS_MAX ? null : 'malformed';
  };
  const endPart = (place: 'next' | 'last'): DecodeError | null => {
    const whole = content;
    content = '';
    state = place === 'last' ? 'over' : 'headers';
    return whole === '' ? null : decodeItemJson(whole, sink);
  };
  return createLineSplitter('any', partUnitsMax, (line) => {
    if (state === 'first') return onFirst(line);
    if (state === 'over') return null;
    const place = placeOf(line, delimiter);
    if (place) return endPart(place);
    if (state === 'content') content += content === '' ? line : `\n${line}`;
    else if (line === '') state = 'content';
    return content.length > partUnitsMax ? 'too_big' : null;
  });
}
