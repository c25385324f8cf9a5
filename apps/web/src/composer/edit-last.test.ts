import type { Timeline, TimelineRow } from '@everywire/chat-client';
import { expect, test, vi } from 'vitest';
import { linWan, me, message } from '../../fixtures/cast.js';
import { editLast, isEditLastKey } from './edit-last.js';
import type { KeyPress } from './enter-key.js';

const plain = { key: 'ArrowUp', shiftKey: false, ctrlKey: false, metaKey: false, altKey: false } as KeyPress;

test.each([
  [{}, true],
  [{ key: 'ArrowDown' }, false],
  [{ shiftKey: true }, false],
  [{ ctrlKey: true }, false],
  [{ metaKey: true }, false],
  [{ altKey: true }, false],
])('only ArrowUp without modifiers edits the last message: %j is %s', (changed, asks) => {
  expect(isEditLastKey({ ...plain, ...changed })).toBe(asks);
});

const own = message(3, me, 1, 'mine');
const gap: TimelineRow = { type: 'gap', key: 'gap', loading: false };

test.each([
  ['the last of several', [message(2, me, 1, 'x'), own], 'm3'],
  ['above another person’s message and a gap', [own, message(4, linWan, 1, 'x'), gap], 'm3'],
  ['above an unsent message', [own, { ...message(4, me, 1, 'x'), sequence: null }], 'm3'],
  [
    'above one that was forwarded',
    [own, { ...message(4, me, 1, 'x'), forwarded: { sender: linWan, sentAt: 1 } }],
    'm3',
  ],
  ['missing', [message(4, linWan, 1, 'x'), gap], null],
] as const)('the last own message that can be edited is %s', (_, rows, key) => {
  const onEdit = vi.fn();
  const timeline = { getSnapshot: () => ({ rows }) } as unknown as Timeline;
  editLast(timeline, onEdit);
  expect(onEdit.mock.calls.map(([row]) => row.key)).toEqual(key === null ? [] : [key]);
});
