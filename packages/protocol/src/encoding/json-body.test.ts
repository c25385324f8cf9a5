import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Message, messageFromBytes, messageFromText } from '../message.js';
import type { ClientRecord } from '../record.js';
import { encodeJsonBody } from './json-body.js';
import { type JsonBody, parseJsonBody } from './json-body-parser.js';

const limits = { bodyBytesMax: 10_000, messagesMax: 4 };
const counts = { ack: 0, received: 0, seen: 0, sent: 0, sum: 0 };
const parse = (text: string, own: Partial<typeof limits> = {}): JsonBody =>
  parseJsonBody(Buffer.from(text), { ...limits, ...own });
const bodyOf = (count: number): ClientRecord => ({ t: 'body', id: 'x', n: 1, instance: 2, first: 1, count, ...counts });
const dataOf = (messages: readonly Message[]): unknown[] => messages.map(({ data }) => data);

describe('JSON body', () => {
  it('[EN-10] a body consists of the fields of its record, a count and the messages', () => {
    const messages = [messageFromText('a'), messageFromBytes(Uint8Array.of(1))];
    expect(encodeJsonBody(bodyOf(2), messages)).toBe(
      '{"t":"body","id":"x","n":1,"instance":2,"first":1,"count":2,"ack":0,"received":0,"seen":0,"sent":0,"sum":0,"m":["a",["AQ=="]]}',
    );
    expect(encodeJsonBody({ t: 'open', nonce: 'n' }, [])).toBe('{"t":"open","nonce":"n"}');
  });

  it('[EN-3] a body carries every string and every byte unchanged', () => {
    const message = fc.oneof(
      fc.string({ unit: 'binary' }).map((text) => messageFromText(text)),
      fc.uint8Array().map((bytes) => messageFromBytes(bytes)),
      fc
        .constantFrom('\0', '\ufeff', '\u2028\u2029', '\r\n', '</script>', '\\"', ',[{')
        .map((text) => messageFromText(text)),
    );
    fc.assert(
      fc.property(fc.array(message, { maxLength: 4 }), (messages) => {
        const body = parse(encodeJsonBody(bodyOf(messages.length), messages));
        if (typeof body === 'string') throw new Error(body);
        expect(dataOf(body.messages)).toEqual(dataOf(messages));
        expect(body.record).toMatchObject(bodyOf(messages.length));
      }),
    );
  });

  it('[EN-10] a body with a wrong count of messages is refused', () => {
    const head = encodeJsonBody(bodyOf(2), []).slice(0, -1);
    expect(parse(`${head},"m":["a"]}`)).toBe('malformed');
    expect(parse(`${head},"m":["a","b","c"]}`)).toBe('malformed');
    expect(parse(`${head}}`)).toBe('malformed');
    expect(parse(`${head},"m":"ab"}`)).toBe('malformed');
    expect(parse(`${head},"m":["a","b"]}`)).toMatchObject({ messages: [{ binary: false }, { binary: false }] });
  });

  it('[EN-11] a body with more bytes, messages or values than allowed is refused', () => {
    const five = encodeJsonBody(
      bodyOf(5),
      Array.from({ length: 5 }, () => messageFromText('')),
    );
    expect(parse(five)).toBe('too_many');
    expect(parse(five, { messagesMax: 5 })).toMatchObject({ record: { count: 5 } });
    expect(parse(five, { messagesMax: 5, bodyBytesMax: five.length - 1 })).toBe('too_big');
    expect(parse(`[${'1,'.repeat(100)}1]`)).toBe('too_many');
  });

  it('[EN-11] a body that nests too deeply is refused before it is parsed', () => {
    expect(parse(`{"a":${'['.repeat(4000)}`)).toBe('malformed');
    expect(parse('{"t":"open","nonce":"n","x":[[[[]]]]}')).toBe('malformed');
    // Brackets and commas inside strings are content.
    expect(parse(`{"t":"open","nonce":"n","count":1,"m":["[[[[\\"[[{{${','.repeat(200)}\\\\"]}`)).toMatchObject({
      messages: [{}],
    });
  });

  it.each([
    '',
    '"',
    '{',
    '[]',
    '1',
    'null',
    '"a"',
    '{"t":1}',
    '{"t":"open"}',
    '{"t":"open","nonce":"n"} x',
    '{"t":"open\\',
  ])('[EN-11] the body %j is refused', (text) => expect(parse(text)).toBe('malformed'));

  it('[EN-11] a body that is not UTF-8 is refused', () => {
    expect(parseJsonBody(Buffer.from('7b2274223a226f70656e222c226e6f6e6365223a22ff227d', 'hex'), limits)).toBe(
      'malformed',
    );
  });

  it('[EN-12] a body with a control record among its messages is refused', () => {
    const head = encodeJsonBody(bodyOf(1), []).slice(0, -1);
    expect(parse(`${head},"m":[{"t":"from","first":1}]}`)).toBe('malformed');
    expect(parse(`${head},"m":[null]}`)).toBe('malformed');
  });

  it('[EN-5] a body with a record of an unknown name is ignored', () => {
    expect(parse('{"t":"later"}')).toBe('ignored');
  });

  it('parsing a body never throws, whatever the bytes are', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json().map((text) => Buffer.from(text)),
          fc.uint8Array(),
        ),
        (bytes) => {
          parseJsonBody(bytes, limits);
        },
      ),
    );
  });
});
