import { expect, it } from 'vitest';
import { addToSum } from '../checksum.js';
import { sheetMessagesMax } from '../limits.js';
import { Message, messageFromText } from '../message.js';
import { MessageBatch } from './message-batch.js';
import { sumOf } from './test-kit/server-bench.js';

const memory = new Uint8Array(8);
const inMemory = (): Message => new Message(false, memory, 0, undefined, 2, 3);

it('[SN-3] a sheet takes only messages of one buffer, so that a waiting message retains no other buffer', () => {
  const sheet = new MessageBatch(inMemory());
  expect(sheet.add(inMemory())).toBe(true);
  expect(sheet.add(messageFromText('abc'))).toBe(false);
  expect(sheet.length).toBe(2);
});

it('[SN-3] a sheet takes a limited number of messages', () => {
  const sheet = new MessageBatch(inMemory());
  for (let k = 1; k < sheetMessagesMax; k += 1) expect(sheet.add(inMemory())).toBe(true);
  expect(sheet.add(inMemory())).toBe(false);
  const sum = new Array(sheetMessagesMax).fill(inMemory().hash).reduce(addToSum, 5);
  expect(sheet.addSum(5, 0, sheetMessagesMax)).toBe(sum);
  expect(sheet.bytesOf(1, sheetMessagesMax)).toBe(3 * (sheetMessagesMax - 1));
});

it('[SN-5.13] a sheet continues a checksum like its single messages', () => {
  const texts = ['one', 'three', 'five'];
  const bytes = new TextEncoder().encode(texts.join(''));
  let from = 0;
  const [first, ...rest] = texts.map((text) => {
    from += text.length;
    return new Message(false, bytes, 0, undefined, from - text.length, text.length);
  });
  const sheet = new MessageBatch(first as Message);
  for (const message of rest) sheet.add(message);
  expect(sheet.addSum(sumOf('zero'), 1, 3) >>> 0).toBe(sumOf('zero', 'three', 'five'));
});
