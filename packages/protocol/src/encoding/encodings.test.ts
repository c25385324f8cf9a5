import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Message, messageFromBytes, messageFromText } from '../message.js';
import type { ControlRecord } from '../record.js';
import type { DecodeError, Decoder, Encoding, ItemSink } from './encoding.js';
import { createEventStreamDecoder, eventStreamEncoding } from './event-stream.js';
import { createFrameDecoder } from './frame-decoder.js';
import { frameEncoding } from './frame-encoding.js';
import { createJsonLinesDecoder, jsonLinesEncoding } from './json-lines.js';
import { createMultipartDecoder, createMultipartEncoding } from './multipart.js';

// Runs the same tests for each encoding of a stream of messages and control records.

/** The limit of one item, far above all items here. */
const UNITS_MAX = 10_000;

/** An encoding with its decoder. */
interface Row {
  readonly name: string;
  readonly encoding: Encoding;
  readonly createDecoder: (sink: ItemSink, max: number) => Decoder;
  /** Bytes at the start of each stream. */
  readonly prelude?: Uint8Array;
  /** Trailing bytes that an item does not need to be complete, such as the LF after a CR that already ended the line. */
  readonly idle?: number;
}

const multipart = createMultipartEncoding('0123');

const rows: readonly Row[] = [
  {
    name: 'frame',
    encoding: frameEncoding,
    createDecoder: (sink, max) => createFrameDecoder(sink, { messageBytesMax: max, fragmentsMax: 8 }),
  },
  { name: 'event stream', encoding: eventStreamEncoding, createDecoder: createEventStreamDecoder },
  { name: 'JSON lines', encoding: jsonLinesEncoding, createDecoder: createJsonLinesDecoder },
  {
    name: 'multipart',
    encoding: multipart,
    createDecoder: createMultipartDecoder,
    prelude: multipart.prelude,
    idle: 1,
  },
];

type Item = { readonly data: string | number[] } | { readonly record: ControlRecord };

/** Collects items. `itemsRead` reads the messages only when it is called, so that sharing memory with the fed bytes would show. */
function createCollector(): { readonly itemsRead: () => Item[]; readonly sink: ItemSink } {
  const items: (Message | ControlRecord)[] = [];
  const keep = (one: Message | ControlRecord): void => void items.push(one);
  return { itemsRead: () => items.map(itemOf), sink: { onMessage: keep, onRecord: keep } };
}

function encodeAll(
  { encoding, prelude = new Uint8Array(0) }: Pick<Row, 'encoding' | 'prelude'>,
  list: readonly (Message | ControlRecord)[],
): Buffer {
  const items = list.map((one) => (one instanceof Message ? encoding.encodeMessage(one) : encoding.encodeRecord(one)));
  return Buffer.concat([prelude, ...items]);
}

/** Feeds copies of the parts and overwrites each after the call, so that a retained view would show. */
function feedAll(decoder: Decoder, bytes: Buffer, cuts: readonly number[]): DecodeError | null {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  let error: DecodeError | null = null;
  for (const [at, from] of [0, ...places].entries()) {
    const part = Buffer.from(bytes.subarray(from, places[at] ?? bytes.length));
    error = decoder.feed(part);
    part.fill(0xee);
  }
  return error;
}

const record: ControlRecord = { t: 'reset', topic: '房间\u2028\n"', no: 3 };
const trickyTexts = [
  '',
  '\0',
  '\0\0',
  '\0{"t":"from","first":1}',
  '\ufeff',
  '\ufeffa',
  '\r\n',
  '\n\n',
  '\r',
  '\u2028\u2029',
];
const otherTexts = ['</script>', 'data: x\n\n', '"', '["AA=="]', '{"t":"closed"}', '\ud800', '😀', '名前'];
const message = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }).map((text) => messageFromText(text)),
  fc.constantFrom(...trickyTexts, ...otherTexts).map((text) => messageFromText(text)),
  fc.uint8Array({ maxLength: 60 }).map((bytes) => messageFromBytes(bytes)),
);
const items = fc.array(fc.oneof({ weight: 5, arbitrary: message }, { weight: 1, arbitrary: fc.constant(record) }));

function itemOf(one: Message | ControlRecord): Item {
  if (!(one instanceof Message)) return { record: one };
  return { data: one.binary ? [...one.bytes] : one.text };
}

describe.each(rows)('[SN-17.1] $name', (row) => {
  const { name, encoding, createDecoder, prelude = new Uint8Array(0), idle = 0 } = row;

  it('[EN-3] the encoding carries every string and every byte unchanged', () => {
    const list = [...trickyTexts, ...otherTexts].map((text) => messageFromText(text));
    list.push(
      messageFromBytes(Uint8Array.from({ length: 256 }, (_, byte) => byte)),
      messageFromBytes(new Uint8Array(0)),
    );
    const { itemsRead, sink } = createCollector();
    expect(createDecoder(sink, UNITS_MAX).feed(encodeAll(row, list))).toBe(null);
    expect(itemsRead()).toEqual(list.map(itemOf));
  });

  it('[EN-8] the decoder reads messages and records in any order, split anywhere, from reused memory', () => {
    fc.assert(
      fc.property(items, fc.array(fc.nat(), { maxLength: 20 }), (list, cuts) => {
        const { itemsRead, sink } = createCollector();
        expect(feedAll(createDecoder(sink, UNITS_MAX), encodeAll(row, list), cuts)).toBe(null);
        expect(itemsRead()).toEqual(list.map(itemOf));
      }),
    );
  });

  it('[EN-8] the decoder reports nothing for an incomplete item', () => {
    const bytes = encodeAll(row, [messageFromText('one'), messageFromText('twö')]);
    for (let length = 0; length < bytes.length; length++) {
      const { itemsRead, sink } = createCollector();
      expect(createDecoder(sink, UNITS_MAX).feed(bytes.subarray(0, length))).toBe(null);
      const whole = prelude.length + encoding.encodeMessage(messageFromText('one')).length - idle;
      const both = bytes.length - idle;
      expect(itemsRead().length).toBe(length < whole ? 0 : length < both ? 1 : 2);
    }
  });

  it('[EN-1] the encoding encodes a message only once', () => {
    const one = messageFromText('shared');
    expect(encoding.encodeMessage(one)).toBe(encoding.encodeMessage(one));
  });

  it('[EN-9] the decoder refuses an item above the limit before it is complete', () => {
    const bytes = encodeAll(row, [messageFromText('x'.repeat(400))]);
    const { itemsRead, sink } = createCollector();
    const decoder = createDecoder(sink, 100);
    expect(decoder.feed(Buffer.from(bytes.subarray(0, 250)))).toBe('too_big');
    expect(decoder.feed(encodeAll(row, [messageFromText('y')]))).toBe('too_big');
    expect(itemsRead()).toEqual([]);
    expect(createDecoder(sink, 100).feed(bytes)).toBe('too_big');
    expect(itemsRead()).toEqual([]);
  });

  it('[EN-9] the decoder reports nothing after an error in the same bytes', () => {
    const wrong = {
      frame: '\x81\x02\0a',
      'event stream': 'data: 5\n\n',
      'JSON lines': '5\n',
      multipart: '--x\r\n\r\n5\r\n--x\r\n',
    }[name]!;
    const { itemsRead, sink } = createCollector();
    const bytes = Buffer.concat([Buffer.from(wrong, 'latin1'), encodeAll(row, [messageFromText('y')])]);
    expect(createDecoder(sink, UNITS_MAX).feed(bytes)).toBe('malformed');
    expect(itemsRead()).toEqual([]);
  });

  it('[EN-9] the decoder refuses invalid UTF-8 and everything after it', () => {
    const bytes = encodeAll(row, [messageFromText('aéb')]);
    bytes[bytes.indexOf(0xc3)] = 0x61;
    const { itemsRead, sink } = createCollector();
    const decoder = createDecoder(sink, UNITS_MAX);
    expect(decoder.feed(bytes)).toBe('malformed');
    expect(decoder.feed(encodeAll(row, [messageFromText('y')]))).toBe('malformed');
    expect(itemsRead()).toEqual([]);
  });
});

describe('several encodings of one message', () => {
  it('[EN-1] a message caches one result for each encoding', () => {
    const one = messageFromText('a');
    const results = rows.map(({ encoding }) => Buffer.from(encoding.encodeMessage(one)).toString());
    expect(results).toEqual(
      ['\x81\x01a', 'data: "a"\n\n', '"a"\n', 'Content-Type: application/json\r\n\r\n"a"\r\n--everywire=0123\r\n'].map(
        (text) => Buffer.from(text, 'latin1').toString(),
      ),
    );
    expect(one.encoded?.filter((bytes) => bytes !== undefined)).toHaveLength(rows.length);
  });
});
