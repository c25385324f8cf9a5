import { describe, expect, it } from 'vitest';
import { RequestBoundaries } from './request-boundaries.js';

// Tests `RequestBoundaries`, which finds where request heads and bodies end in the bytes of a connection. Bytes reach
// Node's HTTP parser in parts that end there, so that it parses one request at a time.

/** A request as text. `headers` are what the parser reports after its head. */
interface Message {
  readonly head: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

/** Passes the messages in chunks of `size` bytes, and returns the offsets at which parts ended. */
function partsOf(messages: readonly Message[], size: number): number[] {
  const ends = new RequestBoundaries();
  const heads = new Map<number, Message>();
  let text = '';
  for (const message of messages) {
    heads.set(text.length + message.head.length, message);
    text += message.head + (message.body ?? '');
  }
  const bytes = Buffer.from(text);
  const parts: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const before = at;
    at += ends.next(bytes.subarray(at, Math.min(bytes.length, (Math.floor(at / size) + 1) * size)));
    const began = [...heads].find(([end]) => end > before && end <= at);
    if (began !== undefined) ends.began(began[1].headers ?? {});
    parts.push(at);
  }
  return parts;
}

const messages: readonly Message[] = [
  { head: 'GET / HTTP/1.1\r\nHost: h\r\n\r\n' },
  { head: '\r\n\r\nPOST / HTTP/1.1\r\n\r\n', body: '\n\r\n\n', headers: { 'content-length': '4' } },
  {
    head: 'POST / HTTP/1.1\r\n\r\n',
    body: '4\r\n\n\n\n\n\r\n0c;a="b"\r\n0\r\n\r\n0\r\n\r\n\r\n\r\n\r\n00;x\r\nA: 1\r\nB: 2\r\n\r\n',
    headers: { 'transfer-encoding': 'gzip, Chunked' },
  },
  { head: 'POST / HTTP/1.1\r\n\r\n', body: '0\r\n\r\n', headers: { 'transfer-encoding': 'chunked' } },
  { head: 'GET / HTTP/1.1\n\n' },
];

describe('RequestBoundaries', () => {
  it.each([1, 2, 3, 7, 16, 40, 1_000])(
    'RequestBoundaries finds the end of each head and body in chunks of %i bytes',
    (size) => {
      let at = 0;
      const ends = messages.flatMap(({ head, body = '' }) => {
        at += head.length + body.length;
        return body === '' ? [at] : [at - body.length, at];
      });
      const parts = partsOf(messages, size);
      expect(parts.filter((part) => part % size !== 0 || ends.includes(part))).toEqual(ends);
    },
  );

  it.each(['5\rabcde', '2\r\nab0\r\n', '1\nx', 'x\r\n', '5\r\nabcdeX'])(
    'RequestBoundaries ends a part at each empty line after a chunked body that begins with %j',
    (start) => {
      const head = 'POST / HTTP/1.1\r\n\r\n';
      const body = `${start}\r\n\r\nGET\r\n\r\nGET\r\n\r\n`;
      const parts = partsOf([{ head, body, headers: { 'transfer-encoding': 'chunked' } }], 1_000);
      expect(parts.length).toBe(4);
    },
  );

  it('RequestBoundaries ends a part at the hundredth chunk of a body and reports that it is dense', () => {
    const ends = new RequestBoundaries();
    ends.next(Buffer.from('POST / HTTP/1.1\r\n\r\n'));
    ends.began({ 'transfer-encoding': 'chunked' });
    const body = Buffer.from('1\r\nx\r\n'.repeat(150));
    const first = ends.next(body);
    expect([first, ends.isDense]).toEqual([99 * 6 + 3, true]);
    expect([ends.next(body.subarray(first)), ends.isDense]).toEqual([body.length - first, false]);
  });

  it('RequestBoundaries expects a head again when the parser has ended a body early', () => {
    const ends = new RequestBoundaries();
    const get = Buffer.from('GET / HTTP/1.1\r\n\r\n');
    ends.next(get);
    ends.began({ 'content-length': '100' });
    ends.complete();
    expect(ends.next(Buffer.concat([get, get]))).toBe(get.length);
  });
});
