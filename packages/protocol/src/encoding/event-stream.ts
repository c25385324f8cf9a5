import type { Message } from '../message.js';
import { type ControlRecord, encodeRecord } from '../record.js';
import { type DecodeError, type Decoder, type Encoding, encodedOnce, type ItemSink, SLOT } from './encoding.js';
import { decodeItemJson, encodeMessageJson } from './json-item.js';
import { createLineSplitter } from './line-splitter.js';

const textEncoder: TextEncoder = new TextEncoder();

/** Encodes each item as one server-sent event (SN-17). JSON has no raw CR or LF, so one `data:` line suffices. */
export const eventStreamEncoding: Encoding = {
  contentType: 'text/event-stream;charset=utf-8',
  encodeMessage(message: Message): Uint8Array {
    return encodedOnce(message, SLOT.eventStream, eventOf);
  },
  encodeRecord(record: ControlRecord): Uint8Array {
    return encodeEvent(encodeRecord(record));
  },
};

/**
 * The last event of a stream that ends normally. Without it, an `EventSource` could not distinguish the end from a lost
 * connection. The event's record has an unknown name, so every reader of records ignores it.
 */
export const eventStreamEnd: Uint8Array = textEncoder.encode('event: end\ndata: {"t":"end"}\n\n');

function eventOf(message: Message): Uint8Array {
  return encodeEvent(encodeMessageJson(message));
}

function encodeEvent(json: string): Uint8Array {
  return textEncoder.encode(`data: ${json}\n\n`);
}

/**
 * Decodes event streams for a client that reads the stream itself; a native `EventSource` uses `decodeItemJson`.
 * Accepts the whole format of the HTML standard, because an intermediary may have rewritten the stream.
 * @param dataUnitsMax maximum length of a line and of an event's data, in UTF-16 code units.
 */
export function createEventStreamDecoder(sink: ItemSink, dataUnitsMax: number): Decoder {
  let data: string | null = null;
  let first = true;
  return createLineSplitter('any', dataUnitsMax, (raw): DecodeError | null => {
    const line = first && raw.startsWith('\ufeff') ? raw.slice(1) : raw;
    first = false;
    if (line === '') {
      const whole = data;
      data = null;
      return whole === null ? null : decodeItemJson(whole, sink);
    }
    const value = dataOf(line);
    if (value === null) return null;
    data = data === null ? value : `${data}\n${value}`;
    return data.length > dataUnitsMax ? 'too_big' : null;
  });
}

/**
 * Returns the value of a `data` field, `null` for other fields and comments. Keeps a leading space, which JSON ignores.
 */
function dataOf(line: string): string | null {
  const colon = line.indexOf(':');
  const name = colon < 0 ? line : line.slice(0, colon);
  if (name !== 'data') return null;
  return colon < 0 ? '' : line.slice(colon + 1);
}
