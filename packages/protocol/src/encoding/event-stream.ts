import type { Message } from '../message.js';
import { type ControlRecord, encodeRecord } from '../record.js';
import { type DecodeError, type Decoder, type Encoding, encodedOnce, type ItemSink, SLOT } from './encoding.js';
import { decodeItemJson, encodeMessageJson } from './json-item.js';
import { createLineSplitter } from './line-splitter.js';

const textEncoder: TextEncoder = new TextEncoder();

/** Server-sent events, one item an event (SN-17). JSON has no raw CR or LF, so one `data:` line always suffices. */
export const eventStreamEncoding: Encoding = {
  contentType: 'text/event-stream;charset=utf-8',
  encodeMessage(message: Message): Uint8Array {
    return encodedOnce(message, SLOT.eventStream, eventOf);
  },
  encodeRecord(record: ControlRecord): Uint8Array {
    return encodeEvent(encodeRecord(record));
  },
};

/** Where a stream ends in order: an `EventSource` hears the same of such an end as of a cut. Its record means nothing to any reader. */
export const eventStreamEnd: Uint8Array = textEncoder.encode('event: end\ndata: {"t":"end"}\n\n');

function eventOf(message: Message): Uint8Array {
  return encodeEvent(encodeMessageJson(message));
}

function encodeEvent(json: string): Uint8Array {
  return textEncoder.encode(`data: ${json}\n\n`);
}

/**
 * For a client that reads the stream itself; a native `EventSource` hands its `data` to `decodeItemJson`. Understands the
 * whole format of the HTML standard, since something on the way may have rewritten it.
 * @param dataUnitsMax longest line, and longest data of an event, in UTF-16 code units.
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

/** The value of a `data` field, `null` for every other field and for comments. A space after the colon means nothing in JSON. */
function dataOf(line: string): string | null {
  const colon = line.indexOf(':');
  const name = colon < 0 ? line : line.slice(0, colon);
  if (name !== 'data') return null;
  return colon < 0 ? '' : line.slice(colon + 1);
}
