import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageFromBytes, messageFromText, messageFromUtf8 } from './message.js';

describe('Message', () => {
  it('[SN-1] a text message stays text and a binary message stays binary', () => {
    expect(messageFromText('hé').data).toBe('hé');
    expect(messageFromText('hé').bytes).toEqual(Uint8Array.of(0x68, 0xc3, 0xa9));
    expect(messageFromBytes(Uint8Array.of(0xff)).data).toEqual(Uint8Array.of(0xff));
    expect(messageFromUtf8(Uint8Array.of(0xc3, 0xa9)).data).toBe('é');
  });

  it('[SN-18.2] a text message replaces lone surrogates and nothing else when it is created', () => {
    const message = messageFromText('a\ud800b😀\udc00');
    expect(message.text).toBe('a\ufffdb😀\ufffd');
    expect(messageFromUtf8(message.bytes).text).toBe(message.text);
  });

  it('[SN-18.3] every well-formed string survives encoding to bytes and back', () => {
    for (const text of ['', '\0', '\ufeff', '\ufeffx', '\u2028\u2029', '\r\n', '</script>', '😀']) {
      expect(messageFromUtf8(messageFromText(text).bytes).text).toBe(text);
    }
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(messageFromUtf8(messageFromText(text).bytes).text).toBe(messageFromText(text).text);
      }),
    );
  });

  it('[SN-5.13] a message has the same hash at both ends, and a different one if kind, length or a byte differs', () => {
    const sums = [
      messageFromText(''),
      messageFromBytes(new Uint8Array(0)),
      messageFromText('abc'),
      messageFromBytes(Uint8Array.of(97, 98, 99)),
      messageFromText('abcd'),
      messageFromText('xbc'),
      messageFromText('axc'),
      messageFromText('abx'),
    ].map((message) => message.hash);
    expect(new Set(sums).size).toBe(sums.length);
    expect(sums.every((sum) => (sum | 0) === sum)).toBe(true);
    expect(messageFromUtf8(messageFromText('abc').bytes).hash).toBe(messageFromText('abc').hash);
  });

  it('[SN-27.4] a message carries the serial it was given', () => {
    expect(messageFromText('a', 7).serial).toBe(7);
    expect(messageFromText('a').serial).toBe(0);
  });
});
