import { expect, it } from 'vitest';
import { FrameFieldsReader } from './frame-fields.js';
import { type BodyKind, HttpReader } from './http-reader.js';

/** Sizes of the pieces in which the bytes are fed, so that they are split at every boundary. */
const sizes = [1, 2, 3, 7, 64, 100_000];

/** Splits bytes into pieces of this size. */
function pieces(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
}

it.each(sizes)('frames are read with all their fields, split into pieces of %i bytes', (size) => {
  const long = Buffer.alloc(70_000, 'y');
  const bytes = Buffer.concat([
    Buffer.from('8100', 'hex'),
    // "Hello", masked, and a ping: the examples of RFC 6455, section 5.7.
    Buffer.from('818537fa213d7f9f4d5158', 'hex'),
    Buffer.from('890548656c6c6f', 'hex'),
    Buffer.from('827f0000000000011170', 'hex'),
    long,
  ]);
  const reader = new FrameFieldsReader();
  const frames = pieces(bytes, size).flatMap((piece) => reader.feed(piece));
  expect(frames.map(({ title, payload }) => [title, Buffer.from(payload).toString()])).toEqual([
    ['FIN 1, RSV 0, opcode 1 (text), unmasked, length 0', ''],
    ['FIN 1, RSV 0, opcode 1 (text), mask 37fa213d, length 5', 'Hello'],
    ['FIN 1, RSV 0, opcode 9 (ping), unmasked, length 5', 'Hello'],
    ['FIN 1, RSV 0, opcode 2 (binary), unmasked, length 70000', 'y'.repeat(400)],
  ]);
});

it.each(sizes)('answers are read by their lengths, in chunks and to the end, split into pieces of %i bytes', (size) => {
  const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n';
  const bytes = Buffer.from(
    `HTTP/1.1 204 No Content\r\n\r\n${chunked}HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcHTTP/1.1 101 Go\r\n\r\nrest`,
  );
  const found: string[] = [];
  let counted = 0;
  const kindOf = (head: string): BodyKind =>
    / 204/.test(head)
      ? 0
      : / 101/.test(head)
        ? 'rest'
        : /chunked/.test(head)
          ? 'chunked'
          : Number(/\d+$/.exec(head)?.[0]);
  const reader = new HttpReader({
    onHead: (head, length) => {
      counted += length;
      found.push(head.split('\r\n', 1)[0] ?? '', '');
      return kindOf(head);
    },
    onBody: (data, length) => {
      counted += length;
      found.push(`${found.pop()}${Buffer.from(data).toString()}`);
    },
    onBodyEnd: () => found.push('end'),
  });
  for (const piece of pieces(bytes, size)) reader.feed(piece);
  expect(found).toEqual([
    ...['HTTP/1.1 204 No Content', '', 'end'],
    ...['HTTP/1.1 200 OK', 'hello world', 'end'],
    ...['HTTP/1.1 200 OK', 'abc', 'end'],
    ...['HTTP/1.1 101 Go', 'rest'],
  ]);
  // Every byte is counted exactly once.
  expect(counted).toBe(bytes.length);
});
