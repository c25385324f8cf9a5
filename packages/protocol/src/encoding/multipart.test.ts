import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageFromBytes, messageFromText } from '../message.js';
import type { DecodeError } from './encoding.js';
import { createMultipartDecoder, createMultipartEncoding } from './multipart.js';

// Tests the multipart encoding: a stream of parts, separated by a boundary that contains a secret.

const SECRET = '0123456789abcdef';
const BOUNDARY = `everywire=${SECRET}`;
const encoding = createMultipartEncoding(SECRET);

/** Decodes the stream in pieces of this size. `items` are the texts of messages and the names of records. */
function read(text: string, pieceBytes = 7): { readonly items: string[]; readonly error: DecodeError | null } {
  const items: string[] = [];
  const decoder = createMultipartDecoder(
    { onMessage: (message) => items.push(message.text), onRecord: (record) => items.push(record.t) },
    1_000,
  );
  const bytes = Buffer.from(text);
  let error: DecodeError | null = null;
  for (let from = 0; from < bytes.length; from += pieceBytes)
    error = decoder.feed(bytes.subarray(from, from + pieceBytes));
  return { items, error };
}

describe('multipart', () => {
  it('[EN-19.1] [EN-19.2] [EN-19.4] each item is one part, complete with the delimiter after it', () => {
    expect(encoding.contentType).toBe(`multipart/x-mixed-replace; boundary="${BOUNDARY}"`);
    const parts = [encoding.prelude, encoding.encodeMessage(messageFromText('a')), encoding.epilogue];
    expect(Buffer.concat(parts).toString()).toBe(
      `--${BOUNDARY}\r\nContent-Type: application/json\r\n\r\n"a"\r\n--${BOUNDARY}\r\n\r\n\r\n--${BOUNDARY}--\r\n`,
    );
    expect(read(Buffer.concat(parts).toString())).toEqual({ items: ['a'], error: null });
  });

  it('[EN-19.3] no item contains the boundary, even if its author knows it', () => {
    const known = [BOUNDARY, `\r\n--${BOUNDARY}\r\n`, `--${BOUNDARY}--`, '='].map((text) => messageFromText(text));
    for (const message of [...known, messageFromBytes(Buffer.from(BOUNDARY))]) {
      const [head, item = '', tail] = Buffer.from(encoding.encodeMessage(message)).toString().split('\r\n').slice(1, 4);
      expect([head, tail]).toEqual(['', `--${BOUNDARY}`]);
      expect(item).not.toContain('=');
    }
    const all = Buffer.concat([encoding.prelude, ...known.map(encoding.encodeMessage)]).toString();
    expect(read(all).items).toEqual(known.map(({ text }) => text));
  });

  it('[EN-19.5] parts are read after a relay changed headers, line ends or white space or added empty parts', () => {
    const text = [
      '--b \n',
      'X-Relay: yes\nContent-Length: 3\n\n"a"\n--b\t\n',
      '\n\n--b\n',
      'Content-Type: text/plain\n\n\n["AQ\\u003d\\u003d"]\n\n--b\n',
      '\n[ 1,\n2 ]\n--bb\n',
    ];
    expect(read(text.slice(0, 4).join('')).items).toEqual(['a', '\u0001']);
    expect(read(text.join('').replaceAll('\n', '\r')).error).toBe(null);
  });

  it('[EN-19.4] the multipart decoder ignores everything after the last delimiter', () => {
    expect(read('--b\r\n\r\n"a"\r\n--b--\r\n--b\r\n\r\n"b"\r\n--b\r\n')).toEqual({ items: ['a'], error: null });
  });

  it.each(['\r\n', 'b\r\n', '--\r\n', `--${'b'.repeat(71)}\r\n`])(
    '[EN-9] the first delimiter %j is refused',
    (text) => {
      expect(read(text).error).toBe('malformed');
    },
  );

  it.each(['"a', '5', '"a"\r\n"b"', '{}'])('[EN-9] the part content %j is refused', (content) => {
    expect(read(`--b\r\n\r\n${content}\r\n--b\r\n`)).toEqual({ items: [], error: 'malformed' });
  });

  it('[EN-9] a part of many short lines above the size limit is refused', () => {
    expect(read(`--b\r\n\r\n${'1\r\n'.repeat(600)}`).error).toBe('too_big');
  });

  it('[EN-8] the multipart decoder reads any texts, split anywhere', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary', maxLength: 30 }), { maxLength: 8 }),
        fc.integer({ min: 1, max: 99 }),
        (texts, pieceBytes) => {
          const messages = texts.map((text) => messageFromText(text));
          const all = Buffer.concat([encoding.prelude, ...messages.map(encoding.encodeMessage), encoding.epilogue]);
          expect(read(all.toString(), pieceBytes)).toEqual({ items: messages.map(({ text }) => text), error: null });
        },
      ),
    );
  });
});
