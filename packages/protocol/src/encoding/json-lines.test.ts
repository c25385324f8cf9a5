import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageFromBytes, messageFromText } from '../message.js';
import type { DecodeError } from './encoding.js';
import { createJsonLinesDecoder, createJsonTextDecoder, jsonLinesEncoding } from './json-lines.js';

const nothing = (): void => undefined;
const feed = (text: string): DecodeError | null =>
  createJsonLinesDecoder({ onMessage: nothing, onRecord: nothing }, 1000).feed(Buffer.from(text));

describe('JSON lines', () => {
  it('[EN-2] a JSON line is one JSON value and LF', () => {
    const bytes = [messageFromText('a\n"'), messageFromBytes(Uint8Array.of(1, 2))].map(jsonLinesEncoding.encodeMessage);
    expect(Buffer.concat(bytes).toString()).toBe('"a\\n\\""\n["AQI="]\n');
    expect(Buffer.from(jsonLinesEncoding.encodeRecord({ t: 'from', first: 3 })).toString()).toBe(
      '{"t":"from","first":3}\n',
    );
  });

  it.each([
    '\n',
    '1\n',
    'null\n',
    '[]\n',
    '["AA==","AA=="]\n',
    '[1]\n',
    '["A==="]\n',
    '{}\n',
    '{"t":"from"}\n',
    '"a\n',
  ])('[EN-6] the JSON line %j is refused', (line) => expect(feed(line)).toBe('malformed'));

  it('[EN-5] a JSON line with a record of an unknown name is ignored', () => {
    expect(feed('{"t":"later","x":[1]}\n"a"\n')).toBe(null);
  });

  it('[EN-6] a CR does not end a JSON line', () => {
    expect(feed('"a"\r"b"\r')).toBe(null);
    expect(feed('"a"\r"b"\n')).toBe('malformed');
  });

  it('[EN-8] JSON lines are read from text split anywhere, even inside a surrogate pair', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary', maxLength: 30 }), { maxLength: 8 }),
        fc.integer({ min: 1, max: 9 }),
        (texts, units) => {
          const received: string[] = [];
          const read = createJsonTextDecoder(
            { onMessage: ({ text }) => received.push(text), onRecord: nothing },
            1_000,
          );
          const sent = texts.map((text) => messageFromText(text));
          const all = sent.map((message) => Buffer.from(jsonLinesEncoding.encodeMessage(message)).toString()).join('');
          for (let from = 0; from < all.length; from += units) expect(read(all.slice(from, from + units))).toBe(null);
          expect(received).toEqual(sent.map(({ text }) => text));
        },
      ),
    );
  });
});
