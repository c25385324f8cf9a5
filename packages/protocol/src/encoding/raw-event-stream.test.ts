import { describe, expect, it } from 'vitest';
import { messageFromBytes, messageFromText } from '../message.js';
import { frameEncoding } from './frame-encoding.js';
import { encodeRawEvent, encodeRawHead, encodeRawReset, rawHeartbeat } from './raw-event-stream.js';
import { rawFrame } from './raw-frame.js';

/** Decodes UTF-8 and keeps a byte order mark. */
const textOf = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
const event = (text: string, id: string | null = 'e-1'): string => textOf(encodeRawEvent(messageFromText(text), id));

describe('raw event stream', () => {
  it.each<[string, string, string]>([
    ['a text', 'hello', 'id: e-1\ndata: hello\n\n'],
    ['an empty text', '', 'id: e-1\ndata: \n\n'],
    ['several lines', 'a\n\nb\n', 'id: e-1\ndata: a\ndata: \ndata: b\ndata: \n\n'],
    ['a leading space in addition to the one that the format removes', ' a', 'id: e-1\ndata:  a\n\n'],
    ['a text that looks like a field', 'id: x\nevent: y', 'id: e-1\ndata: id: x\ndata: event: y\n\n'],
    ['U+0000, U+FEFF and U+2028 as they are', '\0\ufeff\u2028', 'id: e-1\ndata: \0\ufeff\u2028\n\n'],
  ])('[EN-14] [SN-16.5] a raw event carries %s', (_, text, expected) => expect(event(text)).toBe(expected));

  it('[EN-14] a raw event without an offset has no id', () => expect(event('a', null)).toBe('data: a\n\n'));

  it('[EN-15] [SN-18.1] a raw event has its own type for a text with CR and for binary content', () => {
    expect(event('a\r\nb')).toBe('id: e-1\nevent: json\ndata: "a\\r\\nb"\n\n');
    expect(textOf(encodeRawEvent(messageFromBytes(Uint8Array.of(1, 2, 255)), 'e-2'))).toBe(
      'id: e-2\nevent: binary\ndata: AQL/\n\n',
    );
  });

  it('[EN-16.1] [EN-16.2] [EN-16.4] the head, reset and heartbeat of a raw event stream are not messages', () => {
    expect(textOf(encodeRawHead(1500, 'e-7'))).toBe('retry: 1500\nid: e-7\n\n');
    expect(textOf(encodeRawReset('a "b"', 'gone', 'e-8'))).toBe(
      'event: reset\nid: e-8\ndata: {"topic":"a \\"b\\"","reason":"gone"}\n\n',
    );
    expect(textOf(rawHeartbeat)).toBe(':\n\n');
  });
});

describe('raw frame', () => {
  it('[EN-17] [SN-16.5] a raw frame is the same bytes as the frame for sessions', () => {
    for (const message of [messageFromText('a'), messageFromText(''), messageFromBytes(Uint8Array.of(0, 1))]) {
      expect(rawFrame(message, frameEncoding)).toBe(frameEncoding.encodeMessage(message));
    }
  });

  it('[EN-17] [SN-16.5] a raw frame has no escape', () => {
    expect([...rawFrame(messageFromText('\0a'), frameEncoding)]).toEqual([0x81, 2, 0, 0x61]);
    expect([...frameEncoding.encodeMessage(messageFromText('\0a'))]).toEqual([0x81, 3, 0, 0, 0x61]);
  });
});
