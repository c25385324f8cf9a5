import { expect, it } from 'vitest';
import { addToSum } from '../checksum.js';
import { BATCH_BUFFER_MESSAGES_MAX } from '../limits.js';
import { Message, messageFromText } from '../message.js';
import { MessageBatch } from './message-batch.js';
import { sumOf } from './test-kit/server-bench.js';

// Tests `MessageBatch`: messages of one memory buffer, stored once for all sessions that they are sent to.

const memory = new Uint8Array(8);
/** Creates a message that is a view of 3 bytes of `memory`. */
const inMemory = (): Message => new Message(false, memory, 0, undefined, 2, 3);

it('[SN-3] a messageBatch takes only messages of one buffer, so that a waiting message retains no other buffer', () => {
  const messageBatch = new MessageBatch(inMemory());
  expect(messageBatch.add(inMemory())).toBe(true);
  expect(messageBatch.add(messageFromText('abc'))).toBe(false);
  expect(messageBatch.length).toBe(2);
});

it('[SN-3] a messageBatch takes a limited number of messages', () => {
  const messageBatch = new MessageBatch(inMemory());
  for (let k = 1; k < BATCH_BUFFER_MESSAGES_MAX; k += 1) expect(messageBatch.add(inMemory())).toBe(true);
  expect(messageBatch.add(inMemory())).toBe(false);
  const sum = new Array(BATCH_BUFFER_MESSAGES_MAX).fill(inMemory().hash).reduce(addToSum, 5);
  expect(messageBatch.addSum(5, 0, BATCH_BUFFER_MESSAGES_MAX)).toBe(sum);
  expect(messageBatch.bytesOf(1, BATCH_BUFFER_MESSAGES_MAX)).toBe(3 * (BATCH_BUFFER_MESSAGES_MAX - 1));
});

it('[SN-5.13] a messageBatch continues a checksum like its single messages', () => {
  const texts = ['one', 'three', 'five'];
  const bytes = new TextEncoder().encode(texts.join(''));
  let from = 0;
  const [first, ...rest] = texts.map((text) => {
    from += text.length;
    return new Message(false, bytes, 0, undefined, from - text.length, text.length);
  });
  const messageBatch = new MessageBatch(first as Message);
  for (const message of rest) messageBatch.add(message);
  expect(messageBatch.addSum(sumOf('zero'), 1, 3) >>> 0).toBe(sumOf('zero', 'three', 'five'));
});
