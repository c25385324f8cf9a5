import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageFromBytes, messageFromText } from '../message.js';
import type { DecodeError } from './encoding.js';
import { createMultipartDecoder, createMultipartEncoding } from './multipart.js';

const SECRET = '0123456789abcdef';
const BOUNDARY = `everywire=${SECRET}`;
const encoding = createMultipartEncoding(SECRET);

/** What comes of these bytes, in pieces of so many. */
function read(text: string, pieceBytes = 7): { readonly got: string[]; readonly error: DecodeError | null } {
  const got: string[] = [];
  const decoder = createMultipartDecoder(
    { onMessage: (message) => got.push(message.text), onRecord: (record) => got.push(record.t) },
    1_000,
  );
  const bytes = Buffer.from(text);
  let error: DecodeError | null = null;
  for (let from = 0; from < bytes.length; from += pieceBytes)
    error = decoder.feed(bytes.subarray(from, from + pieceBytes));
  return { got, error };
}

describe('multipart', () => {
  it('[EN-19.1] [EN-19.2] [EN-19.4] is a part an item, whole with the delimiter behind it', () => {
    expect(encoding.contentType).toBe(`multipart/x-mixed-replace; boundary="${BOUNDARY}"`);
    const parts = [encoding.prelude, encoding.encodeMessage(messageFromText('a')), encoding.epilogue];
    expect(Buffer.concat(parts).toString()).toBe(
      `--${BOUNDARY}\r\nContent-Type: application/json\r\n\r\n"a"\r\n--${BOUNDARY}\r\n\r\n\r\n--${BOUNDARY}--\r\n`,
    );
    expect(read(Buffer.concat(parts).toString())).toEqual({ got: ['a'], error: null });
  });

  it('[EN-19.3] has its boundary in no item, whoever writes it and knows it', () => {
    const known = [BOUNDARY, `\r\n--${BOUNDARY}\r\n`, `--${BOUNDARY}--`, '='].map((text) => messageFromText(text));
    for (const message of [...known, messageFromBytes(Buffer.from(BOUNDARY))]) {
      const [head, item = '', tail] = Buffer.from(encoding.encodeMessage(message)).toString().split('\r\n').slice(1, 4);
      expect([head, tail]).toEqual(['', `--${BOUNDARY}`]);
      expect(item).not.toContain('=');
    }
    const all = Buffer.concat([encoding.prelude, ...known.map(encoding.encodeMessage)]).toString();
    expect(read(all).got).toEqual(known.map(({ text }) => text));
  });

  it('[EN-19.5] is read with what a relay makes of it: headers, line ends, white space, parts without content', () => {
    const text = [
      '--b \n',
      'X-Relay: yes\nContent-Length: 3\n\n"a"\n--b\t\n',
      '\n\n--b\n',
      'Content-Type: text/plain\n\n\n["AQ\\u003d\\u003d"]\n\n--b\n',
      '\n[ 1,\n2 ]\n--bb\n',
    ];
    expect(read(text.slice(0, 4).join('')).got).toEqual(['a', '\u0001']);
    expect(read(text.join('').replaceAll('\n', '\r')).error).toBe(null);
  });

  it('[EN-19.4] ends at the last delimiter, whatever comes behind it', () => {
    expect(read('--b\r\n\r\n"a"\r\n--b--\r\n--b\r\n\r\n"b"\r\n--b\r\n')).toEqual({ got: ['a'], error: null });
  });

  it.each(['\r\n', 'b\r\n', '--\r\n', `--${'b'.repeat(71)}\r\n`])('[EN-9] refuses %j for a first delimiter', (text) => {
    expect(read(text).error).toBe('malformed');
  });

  it.each(['"a', '5', '"a"\r\n"b"', '{}'])('[EN-9] refuses the content %j', (content) => {
    expect(read(`--b\r\n\r\n${content}\r\n--b\r\n`)).toEqual({ got: [], error: 'malformed' });
  });

  it('[EN-9] refuses a part of many short lines above the limit', () => {
    expect(read(`--b\r\n\r\n${'1\r\n'.repeat(600)}`).error).toBe('too_big');
  });

  it('[EN-8] reads any texts at any split', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary', maxLength: 30 }), { maxLength: 8 }),
        fc.integer({ min: 1, max: 99 }),
        (texts, pieceBytes) => {
          const messages = texts.map((text) => messageFromText(text));
          const all = Buffer.concat([encoding.prelude, ...messages.map(encoding.encodeMessage), encoding.epilogue]);
          expect(read(all.toString(), pieceBytes)).toEqual({ got: messages.map(({ text }) => text), error: null });
        },
      ),
    );
  });
});
