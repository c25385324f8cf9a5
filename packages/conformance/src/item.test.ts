import { messageFromBytes, messageFromText } from '@everywire/protocol/internal';
import { expect, it } from 'vitest';
import { frameBytes, readFrames } from './frames.js';
import { nextSum } from './item.js';

it('[SN-5] has a checksum of its own, which agrees with the protocol’s', () => {
  let [ours, theirs] = [0, 0];
  for (const content of ['', 'a', 'zwölf', 'x'.repeat(1000), Uint8Array.of(), Uint8Array.of(1, 2, 255)]) {
    const message = typeof content === 'string' ? messageFromText(content) : messageFromBytes(content);
    ours = nextSum(ours, content);
    theirs = (Math.imul(theirs, 31) + message.sum) | 0;
    expect(ours).toBe(theirs >>> 0);
  }
});

it('reads the frames it writes, whatever their length', () => {
  for (const length of [0, 1, 125, 126, 65_535, 65_536]) {
    const [frame, ...others] = readFrames(frameBytes({ opcode: 2, payload: Buffer.alloc(length, 7), masked: false }));
    expect(others).toEqual([]);
    expect(frame).toMatchObject({ final: true, reserved: 0, opcode: 2, masked: false, shortest: true });
    expect(frame?.payload.length).toBe(length);
  }
  const [long] = readFrames(frameBytes({ opcode: 1, payload: 'short', masked: false, lengthBytes: 8 }));
  expect([long?.shortest, long?.payload.toString()]).toEqual([false, 'short']);
});
