import type { Message } from '../message.js';
import { type ControlRecord, encodeRecord } from '../record.js';
import { type DecodeError, type Decoder, type Encoding, encodedOnce, type ItemSink, SLOT } from './encoding.js';
import { decodeItemJson, encodeMessageJson } from './json-item.js';
import { createLineSplitter } from './line-splitter.js';

const textEncoder: TextEncoder = new TextEncoder();

/**
 * Encodes each item as a part of `multipart/x-mixed-replace`, with a prelude before the first and an epilogue after the
 * last.
 */
export interface MultipartEncoding extends Encoding {
  readonly prelude: Uint8Array;
  readonly epilogue: Uint8Array;
}

/**
 * Creates a multipart encoding. Each part ends with the delimiter of the next one, so that it is complete for readers
 * and relays that work part by part (RFC 2046 section 5.1.1). The boundary contains `=`, which is escaped in every
 * item, so that no item can contain it, even if its author knows the boundary (EN-19).
 *
 * @param secret random letters and digits; the same for all messages of a process, which share their bytes (SN-5)
 */
export function createMultipartEncoding(secret: string): MultipartEncoding {
  const boundary = `everywire=${secret}`;
  const encode = (json: string): Uint8Array =>
    textEncoder.encode(`Content-Type: application/json\r\n\r\n${json.replace(/=/g, '\\u003d')}\r\n--${boundary}\r\n`);
  const partOf = (message: Message): Uint8Array => encode(encodeMessageJson(message));
  return {
    contentType: `multipart/x-mixed-replace; boundary="${boundary}"`,
    prelude: textEncoder.encode(`--${boundary}\r\n`),
    // The last part is empty, because the delimiter that begins it is already written.
    epilogue: textEncoder.encode(`\r\n\r\n--${boundary}--\r\n`),
    encodeMessage: (message) => encodedOnce(message, SLOT.multipart, partOf),
    encodeRecord: (record: ControlRecord) => encode(encodeRecord(record)),
  };
}

/** Maximum length of a delimiter line: two hyphens and a boundary (RFC 2046 section 5.1.1). */
const DELIMITER_UNITS_MAX = 72;

/**
 * Returns whether a line is a delimiter (`next`), the last delimiter (`last`), or neither (`null`). A relay may have
 * appended white space.
 */
function placeOf(line: string, delimiter: string): 'next' | 'last' | null {
  if (line.slice(0, delimiter.length) !== delimiter) return null;
  const rest = line.slice(delimiter.length).trim();
  if (rest === '') return 'next';
  return rest === '--' ? 'last' : null;
}

/**
 * Creates a decoder of parts, split anywhere. The first line is the boundary. Ignores headers of parts and parts
 * without content.
 * @param partUnitsMax maximum length of a line and of a part's content, in UTF-16 code units.
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
