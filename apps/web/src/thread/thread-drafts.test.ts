// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest';
import { forbidStorage } from '../test-kit/forbid-storage.js';
import { forgetThreadDrafts, storeThreadDraft, threadDraft, threadDraftsFull } from './thread-drafts.js';

const key = 'everywire.thread-drafts';

afterEach(() => {
  forgetThreadDrafts();
  vi.unstubAllGlobals();
  localStorage.clear();
});

test('a draft belongs to a user, a conversation and a thread', () => {
  storeThreadDraft(1, 2, 3, 'hi');
  expect(threadDraft(1, 2, 3)).toBe('hi');
  expect([threadDraft(9, 2, 3), threadDraft(1, 9, 3), threadDraft(1, 2, 9), threadDraft(12, 3, 3)]).toEqual([
    '',
    '',
    '',
    '',
  ]);
  storeThreadDraft(1, 2, 3, 'hi all');
  expect(threadDraft(1, 2, 3)).toBe('hi all');
});

test('an empty draft is deleted, and the last one leaves the storage empty', () => {
  storeThreadDraft(1, 2, 3, 'hi');
  storeThreadDraft(1, 2, 4, 'ho');
  storeThreadDraft(1, 2, 3, '');
  expect([threadDraft(1, 2, 3), threadDraft(1, 2, 4)]).toEqual(['', 'ho']);
  storeThreadDraft(1, 2, 4, '');
  expect(localStorage.getItem(key)).toBeNull();
});

test('drafts stored by another tab are kept, and all are deleted on sign-out', () => {
  storeThreadDraft(1, 2, 3, 'hi');
  localStorage.setItem(key, JSON.stringify([['1/2/4', 'from the other tab']]));
  storeThreadDraft(1, 2, 5, 'ho');
  expect([3, 4, 5].map((root) => threadDraft(1, 2, root))).toEqual(['', 'from the other tab', 'ho']);
  forgetThreadDrafts();
  expect([threadDraft(1, 2, 4), localStorage.getItem(key)]).toEqual(['', null]);
});

test('the least recently updated of more than a hundred drafts is evicted', () => {
  for (let root = 1; root <= 100; root++) storeThreadDraft(1, 2, root, `${root}`);
  expect(threadDraft(1, 2, 1)).toBe('1');
  storeThreadDraft(1, 2, 1, 'again');
  storeThreadDraft(1, 2, 101, '101');
  expect([1, 2, 3, 101].map((root) => threadDraft(1, 2, root))).toEqual(['again', '', '3', '101']);
});

test.each([
  ['invalid JSON', '{'],
  ['not a list', '{"1/2/3":"hi"}'],
  ['a list of other values', '[1,["1/2/3"],["1/2/3",7],[7,"x"],null]'],
])('stored drafts that are %s are ignored', (_, text) => {
  localStorage.setItem(key, text);
  expect(threadDraft(1, 2, 3)).toBe('');
});

test('without storage drafts live as long as the page', () => {
  forbidStorage();
  storeThreadDraft(1, 2, 3, 'hi');
  storeThreadDraft(1, 2, 4, 'ho');
  expect([threadDraft(1, 2, 3), threadDraft(1, 2, 4), threadDraftsFull()]).toEqual(['hi', 'ho', false]);
  forgetThreadDrafts();
  expect(threadDraft(1, 2, 3)).toBe('');
});

test('if the storage is full, new drafts live as long as the page, along with the stored ones', () => {
  storeThreadDraft(1, 7, 3, 'kept');
  const storage = localStorage;
  const setItem = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  vi.stubGlobal('localStorage', { setItem, getItem: (name: string) => storage.getItem(name) });
  storeThreadDraft(1, 7, 4, 'new');
  expect([threadDraft(1, 7, 3), threadDraft(1, 7, 4), threadDraftsFull()]).toEqual(['kept', 'new', true]);
  vi.unstubAllGlobals();
  storeThreadDraft(1, 7, 5, 'later');
  expect(localStorage.getItem(key)).toContain('new');
  expect(threadDraftsFull()).toBe(false);
});
