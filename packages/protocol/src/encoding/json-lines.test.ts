import { describe, expect, it } from 'vitest';
import { messageFromBytes, messageFromText } from '../message.js';
import type { DecodeError } from './encoding.js';
import { createJsonLinesDecoder, jsonLinesEncoding } from './json-lines.js';

const nothing = (): void => undefined;
const feed = (text: string): DecodeError | null =>
  createJsonLinesDecoder({ onMessage: nothing, onRecord: nothing }, 1000).feed(Buffer.from(text));

describe('JSON lines', () => {
  it('[EN-2] is one JSON value and LF', () => {
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
  ])('[EN-6] refuses %j', (line) => expect(feed(line)).toBe('malformed'));

  it('[EN-5] passes over a record of an unknown name', () => {
    expect(feed('{"t":"later","x":[1]}\n"a"\n')).toBe(null);
  });

  it('[EN-6] does not take CR for the end of a line', () => {
    expect(feed('"a"\r"b"\r')).toBe(null);
    expect(feed('"a"\r"b"\n')).toBe('malformed');
  });
});
