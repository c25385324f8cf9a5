import { expect, test } from 'vitest';
import { createScrollMemory, type ScrollPlace } from './scroll-memory.js';

const end: ScrollPlace = { at: 'end' };
const row = (top: number): ScrollPlace => ({ at: 'row', key: 'm1', top });

test('the memory returns the last place of a conversation, separate from other conversations and memories', () => {
  const memory = createScrollMemory();
  expect(memory.read(1)).toBeNull();
  memory.keep(1, row(5));
  memory.keep(1, end);
  memory.keep(2, row(-3));
  expect([memory.read(1), memory.read(2), memory.read(3)]).toEqual([end, row(-3), null]);
  expect(createScrollMemory().read(1)).toBeNull();
});

test('the memory evicts the least recently updated of more than two hundred places', () => {
  const memory = createScrollMemory();
  for (let conversation = 1; conversation <= 200; conversation++) memory.keep(conversation, end);
  expect(memory.read(1)).toEqual(end);
  memory.keep(1, row(1));
  memory.keep(201, end);
  expect([memory.read(1), memory.read(2), memory.read(3), memory.read(201)]).toEqual([row(1), null, end, end]);
});
