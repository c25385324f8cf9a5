import type { Message } from '../message.js';
import { type ControlRecord, encodeRecord } from '../record.js';
import { type DecodeError, type Decoder, type Encoding, encodedOnce, type ItemSink, SLOT } from './encoding.js';
import { decodeItemJson, encodeMessageJson } from './json-item.js';
import { createLineSplitter } from './line-splitter.js';
import { pollRecordJson } from './poll-record.js';
import { createTextSplitter } from './text-splitter.js';

const textEncoder: TextEncoder = new TextEncoder();

/** Encodes each item as one line of JSON ended by LF (SN-17). JSON has no raw LF, so every line is one item. */
export const jsonLinesEncoding: Encoding = {
  contentType: 'text/plain;charset=utf-8',
  encodeMessage(message: Message): Uint8Array {
    return encodedOnce(message, SLOT.jsonLines, lineOf);
  },
  encodeRecord(record: ControlRecord): Uint8Array {
    return textEncoder.encode(recordLine(record));
  },
  recordText: recordLine,
};

function recordLine(record: ControlRecord): string {
  return `${pollRecordJson(record, '"') ?? encodeRecord(record)}\n`;
}

function lineOf(message: Message): Uint8Array {
  return textEncoder.encode(`${encodeMessageJson(message)}\n`);
}

/** Creates a decoder of JSON lines. @param lineUnitsMax maximum line length in UTF-16 code units */
export function createJsonLinesDecoder(sink: ItemSink, lineUnitsMax: number): Decoder {
  return createLineSplitter('\n', lineUnitsMax, (line): DecodeError | null => decodeItemJson(line, sink));
}

/**
 * Creates a decoder of JSON lines from text, for `XMLHttpRequest` and `XDomainRequest`, which decode UTF-8 themselves.
 */
export function createJsonTextDecoder(sink: ItemSink, lineUnitsMax: number): (text: string) => DecodeError | null {
  return createTextSplitter('\n', lineUnitsMax, (line) => decodeItemJson(line, sink));
}
