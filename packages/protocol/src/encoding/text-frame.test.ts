import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageFromText } from '../message.js';
import type { ControlRecord } from '../record.js';
import { decodeDataFrame } from './data-frame.js';
import type { DecodeError, ItemSink } from './encoding.js';
import { framePayload, recordFramePayload } from './frame-encoding.js';
import { decodeTextFrame, escapeText, recordText } from './text-frame.js';

// Tests text frames of a WebSocket. U+0000 at the start of a frame marks a control record, so a message that begins
// with U+0000 is escaped by another one.

/** Collects the data of each message, and each record. */
function createSink(): { readonly items: unknown[]; readonly sink: ItemSink } {
  const items: unknown[] = [];
  return {
    items,
    sink: { onMessage: (message) => items.push(message.data), onRecord: (record) => items.push(record) },
  };
}

/** The ways to read a text frame: as a string from a browser's WebSocket, or as bytes from the parser. */
const ways: readonly [string, (text: string, sink: ItemSink) => DecodeError | null][] = [
  ['as a string', decodeTextFrame],
  ['as bytes', (text, sink) => decodeDataFrame(false, Buffer.from(text), false, sink)],
  ['as bytes to keep', (text, sink) => decodeDataFrame(false, Buffer.from(text), true, sink)],
];

describe.each(ways)('a text frame %s', (_, decode) => {
  const record: ControlRecord = { t: 'refused', code: 'unknown' };

  it('[EN-4] every text survives a text frame, even one that begins with U+0000', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('', '\0', '\0\0', '\0{}', '\ufeff', '\0\ufeff'),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const { items, sink } = createSink();
        const message = messageFromText(text);
        expect(decode(escapeText(message), sink)).toBe(null);
        expect(Buffer.from(framePayload(message)).toString()).toBe(escapeText(message));
        expect(items).toEqual([message.text]);
      }),
    );
  });

  it('[EN-2] a control record survives a text frame', () => {
    const { items, sink } = createSink();
    expect(decode(recordText(record), sink)).toBe(null);
    expect(Buffer.from(recordFramePayload(record)).toString()).toBe('\0{"t":"refused","code":"unknown"}');
    expect(items).toEqual([record]);
  });

  it('[EN-5] U+0000 without a record is refused, and an unknown record is ignored', () => {
    const { items, sink } = createSink();
    expect(decode('\0', sink)).toBe('malformed');
    expect(decode('\0a', sink)).toBe('malformed');
    expect(decode('\0{"t":"refused"}', sink)).toBe('malformed');
    expect(decode('\0{"t":"later"}', sink)).toBe(null);
    expect(items).toEqual([]);
  });
});

describe('a binary frame', () => {
  it('[EN-4] a binary frame is never escaped', () => {
    const { items, sink } = createSink();
    expect(decodeDataFrame(true, Uint8Array.of(0, 1), true, sink)).toBe(null);
    expect(items).toEqual([Uint8Array.of(0, 1)]);
  });
});
