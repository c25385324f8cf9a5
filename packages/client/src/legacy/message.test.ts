import * as whole from '@everywire/protocol/internal';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageFromBytes, messageFromText } from './message.js';

/** The properties that both kinds of messages share. */
const facts = ({
  binary,
  byteLength,
  hash,
  text,
}: { readonly [name in 'binary' | 'byteLength' | 'hash' | 'text']: unknown }) => ({
  binary,
  byteLength,
  hash,
  text,
});

describe('Message of the legacy build', () => {
  it('[SN-5.13] [SN-18.3] a legacy message has the same text, length and checksum as at the server', () => {
    for (const text of ['', '\0', '\ufeffx', 'a\ud800b😀\udc00', '\ud83d\ud83d\ude00', 'hé', '你好', '\u2028'])
      expect(facts(messageFromText(text))).toEqual(facts(whole.messageFromText(text)));
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(facts(messageFromText(text))).toEqual(facts(whole.messageFromText(text)));
      }),
    );
  });

  it('[SN-1] [SN-5.13] a binary legacy message stays binary, even as an array of numbers', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const { hash, byteLength } = whole.messageFromBytes(bytes);
        for (const source of [bytes, [...bytes]]) {
          expect(messageFromBytes(source)).toMatchObject({
            binary: true,
            hash,
            byteLength,
            bytes: source,
            data: source,
          });
        }
      }),
    );
  });
});
