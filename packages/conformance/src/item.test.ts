import { addToSum, messageFromBytes, messageFromText } from '@everywire/protocol/internal';
import { expect, it } from 'vitest';
import { frameBytes, readFrames } from './frames.js';
import { itemReaders, nextSum } from './item.js';

// Tests the suite's own readers of frames and items. They are independent of the protocol package, so that a defect
// there cannot hide itself.

it('[SN-5.13] the checksum of the suite equals the checksum of the protocol', () => {
  let [ours, theirs] = [0, 0];
  for (const content of [
    '',
    'a',
    'zwölf',
    'fifteen or more',
    'sixteen or more.',
    'x'.repeat(1003),
    Uint8Array.of(),
    Uint8Array.of(1, 2, 255),
  ]) {
    const message = typeof content === 'string' ? messageFromText(content) : messageFromBytes(content);
    ours = nextSum(ours, content);
    theirs = addToSum(theirs, message.hash);
    expect(ours).toBe(theirs >>> 0);
  }
});

it('frames of every length can be read back', () => {
  for (const length of [0, 1, 125, 126, 65_535, 65_536]) {
    const [frame, ...others] = readFrames(frameBytes({ opcode: 2, payload: Buffer.alloc(length, 7), masked: false }));
    expect(others).toEqual([]);
    expect(frame).toMatchObject({ final: true, reserved: 0, opcode: 2, masked: false, shortest: true });
    expect(frame?.payload.length).toBe(length);
  }
  const [long] = readFrames(frameBytes({ opcode: 1, payload: 'short', masked: false, lengthBytes: 8 }));
  expect([long?.shortest, long?.payload.toString()]).toEqual([false, 'short']);
});

it('JSON that is neither a record nor a message is damaged in every encoding', () => {
  const damaged = { kind: 'damaged', what: expect.any(String) };
  for (const text of ['null', '5', 'true', 'no json', '[]']) {
    expect(itemReaders['long-poll']?.(Buffer.from(`${text}\n`)), text).toEqual([damaged]);
    expect(itemReaders['event-stream']?.(Buffer.from(`data: ${text}\n\n`)), text).toEqual([damaged]);
    const frame = frameBytes({ opcode: 1, payload: `\0${text}`, masked: false });
    expect(itemReaders['websocket']?.(frame), text).toEqual([damaged]);
  }
});

it('a script whose literal is not JSON is damaged', () => {
  const damaged = { kind: 'damaged', what: expect.any(String) };
  expect(itemReaders['iframe-stream']?.(Buffer.from('<script>e("\\x41")</script>\n'))).toEqual([damaged]);
  expect(itemReaders['jsonp-poll']?.(Buffer.from('/**/f("\\x41");\n'))).toEqual([damaged]);
});
