import { describe, expect, it } from 'vitest';
import { decodeDataFrame } from './encoding/data-frame.js';
import { framePayload } from './encoding/frame-encoding.js';
import { encodeMessageJson, readMessageJson } from './encoding/json-item.js';
import { decodeTextFrame, escapeText } from './encoding/text-frame.js';
import type { Message } from './message.js';
import { fromItem, readTyped, type TypedItems, TypedMessage, toItem } from './typed-message.js';

const examples: readonly TypedItems[] = [
  ['q', 1, 'text'],
  ['r', 2, toItem(Uint8Array.of(0, 1, 255))],
  ['e', 3, 'no_such_room', 'There is none.'],
  ['x', 4, 'policy'],
  ['q', 5, '\0 "é\u2028" </script>'],
];

describe('a typed message', () => {
  it.each(examples)('[EN-18.3] a typed message survives frames and JSON unchanged: %j', (...items) => {
    const message = new TypedMessage(items as unknown as TypedItems);
    const got: unknown[] = [];
    const sink = { onMessage: (one: Message) => got.push(one), onRecord: (one: unknown) => got.push(one) };
    expect(decodeDataFrame(false, framePayload(message), false, sink)).toBeNull();
    expect(decodeTextFrame(escapeText(message), sink)).toBeNull();
    got.push(readMessageJson(JSON.parse(encodeMessageJson(message))));
    // The decoder of string frames passes a typed message on as an array.
    expect(got[1]).toEqual(items);
    for (const one of [got[0], got[2]] as TypedMessage[]) {
      expect([one.typed, one.items, one.hash, one.byteLength]).toEqual([true, items, message.hash, message.byteLength]);
    }
  });

  it('[EN-18.4] a typed message has the length and checksum of its canonical JSON, however it was written', () => {
    const spelled = ' [ "q" , 1e0 , "\\u0061" ] ';
    const read = readTyped(JSON.parse(spelled)) as TypedMessage;
    const plain = new TypedMessage(['q', 1, 'a']);
    expect([read.hash, read.byteLength, read.text]).toEqual([plain.hash, plain.byteLength, '["q",1,"a"]']);
  });

  it.each([
    [['q']],
    [['Q', 1]],
    [['qq', 1]],
    [['q', 1, 'a', 'b', 'c']],
    [['q', 0.5]],
    [['q', null]],
    [['q', {}]],
    [['q', ['a', 'b']]],
    [[1, 2]],
    [{}],
    ['q'],
  ])('[EN-18.1] [EN-18.2] the value %j is not a typed message', (value) => {
    expect(readTyped(value)).toBeNull();
  });

  it('[SN-18.2] a typed message carries data unchanged except for lone surrogates', () => {
    expect(fromItem(toItem('a\ud800b'))).toBe('a\ufffdb');
    expect(fromItem(toItem(Uint8Array.of(1, 2)))).toEqual(Uint8Array.of(1, 2));
    expect(fromItem(['no base64'])).toBeNull();
    expect(fromItem(1)).toBeNull();
  });
});
