import { describe, expect, it } from 'vitest';
import { messageFromText } from '../message.js';
import { createEventStreamDecoder, eventStreamEncoding } from './event-stream.js';

/**
 * Decodes the stream in pieces of `step` bytes. Returns the texts of its messages, and the error if one ended it. The
 * limit of an event is 50 bytes.
 */
function read(text: string, step = Number.POSITIVE_INFINITY): string[] {
  const texts: string[] = [];
  const decoder = createEventStreamDecoder(
    { onMessage: (message) => texts.push(message.text), onRecord: () => {} },
    50,
  );
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += step) {
    const error = decoder.feed(bytes.subarray(at, at + step));
    if (error) return [...texts, error];
  }
  return texts;
}

describe('event stream', () => {
  it('[EN-2] an event is one data line and an empty line', () => {
    expect(Buffer.from(eventStreamEncoding.encodeMessage(messageFromText('a\r\n'))).toString()).toBe(
      'data: "a\\r\\n"\n\n',
    );
    expect(Buffer.from(eventStreamEncoding.encodeRecord({ t: 'from', first: 3 })).toString()).toBe(
      'data: {"t":"from","first":3}\n\n',
    );
  });

  it.each<[string, string, string[]]>([
    ['LF', 'data: "a"\n\ndata: "b"\n\n', ['a', 'b']],
    ['CRLF', 'data: "a"\r\n\r\ndata: "b"\r\n\r\n', ['a', 'b']],
    ['CR', 'data: "a"\r\rdata: "b"\r\r', ['a', 'b']],
    ['all three', 'data: "a"\r\n\ndata: "b"\n\r\ndata:"c"\r\r\n', ['a', 'b', 'c']],
    ['a byte order mark at the start', '\ufeffdata: "a"\n\n', ['a']],
    ['comments and other fields', ':x\nid: 1\nevent: e\nretry: 5\ndatum: "z"\ndata: "a"\n\n', ['a']],
    ['data without a space and with two spaces', 'data:"a"\n\ndata:  "b"\n\n', ['a', 'b']],
    ['several data lines ended by CRLF', 'data: \r\ndata: "a"\r\n\r\n', ['a']],
    ['a byte order mark elsewhere as part of a field name', 'data: "a"\n\n\ufeffdata: "b"\n\n', ['a']],
    ['several data lines', 'data: \ndata: "a"\ndata\n\n', ['a']],
    ['extra empty lines', '\n\n\ndata: "a"\n\n\n\n', ['a']],
    ['an event without data', 'id: 3\n\ndata: "a"\n\n', ['a']],
    ['data that is not an item', 'data: 5\n\ndata: "a"\n\n', ['malformed']],
    [
      'an event whose lines are above the limit together',
      `data: "${'x'.repeat(30)}\ndata: ${'x'.repeat(30)}"\n\n`,
      ['too_big'],
    ],
  ])('[EN-7] an event stream with %s is read, split anywhere', (_, text, texts) => {
    for (const step of [Number.POSITIVE_INFINITY, 1, 2, 3, 5]) expect(read(text, step)).toEqual(texts);
  });
});
