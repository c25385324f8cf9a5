import type { Message } from '../message.js';
import { type ControlRecord, encodeRecord } from '../record.js';
import { type DecodeError, type Decoder, type Encoding, encodedOnce, type ItemSink, SLOT } from './encoding.js';
import { decodeItemJson, encodeMessageJson } from './json-item.js';
import { createLineSplitter } from './line-splitter.js';
import { pollRecordJson } from './poll-record.js';
import { createTextSplitter } from './text-splitter.js';

const textEncoder: TextEncoder = new TextEncoder();

/** One JSON value a line, ended by LF (SN-17). JSON has no raw LF, so a line is an item. */
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

/** @param lineUnitsMax longest line taken, in UTF-16 code units. */
export function createJsonLinesDecoder(sink: ItemSink, lineUnitsMax: number): Decoder {
  return createLineSplitter('\n', lineUnitsMax, (line): DecodeError | null => decodeItemJson(line, sink));
}

/** The same for a reader that gets text, whose UTF-8 somebody has read already: an `XMLHttpRequest`, an `XDomainRequest`. */
export function createJsonTextDecoder(sink: ItemSink, lineUnitsMax: number): (text: string) => DecodeError | null {
  return createTextSplitter('\n', lineUnitsMax, (line) => decodeItemJson(line, sink));
}
