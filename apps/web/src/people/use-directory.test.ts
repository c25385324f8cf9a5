// @vitest-environment happy-dom
import type { DirectoryPosition, Groups, Outline } from '@everywire/chat-client';
import { act } from '@testing-library/react';
import { expect, test } from 'vitest';
import { fakeTimeouts } from '../test-kit/fake-timeouts.js';
import { pendingCalls } from '../test-kit/pending-calls.js';
import { chatWith, renderHookInPage } from '../test-kit/render-in-page.js';
import { useDirectory } from './use-directory.js';

const wait = fakeTimeouts();

const outline = (conversation: number): Outline => ({
  conversation,
  kind: 'group',
  name: `g${conversation}`,
  picture: null,
  memberCount: 3,
});
const next = { name: 'g1', conversation: 1 } as Partial<DirectoryPosition> as DirectoryPosition;

test('the directory is loaded page by page to the end', async () => {
  const asks = pendingCalls<
    [string, DirectoryPosition | null],
    { groups: readonly Outline[]; next: DirectoryPosition | null }
  >();
  const groups = { directory: asks.call } as Partial<Groups> as Groups;
  const { result } = renderHookInPage(() => useDirectory('g'), { chat: chatWith({ groups }) });
  const shown = () => {
    const { groups: found, more, loading, problem } = result.current;
    return [found, more, loading, problem];
  };
  expect(shown()).toEqual([[], false, true, null]);
  await wait(150);
  await asks.answer(0, { groups: [outline(1)], next });
  expect(shown()).toEqual([[outline(1)], true, false, null]);
  act(() => result.current.loadMore());
  await asks.answer(1, { groups: [outline(2)], next: null });
  expect(shown()).toEqual([[outline(1), outline(2)], false, false, null]);
  expect(asks.given).toEqual([
    ['g', null],
    ['g', next],
  ]);
});

test('a directory that cannot be loaded shows the error', async () => {
  const asks = pendingCalls<[string, DirectoryPosition | null], never>();
  const groups = { directory: asks.call } as Partial<Groups> as Groups;
  const { result } = renderHookInPage(() => useDirectory(''), { chat: chatWith({ groups }) });
  await wait(0);
  await asks.refuse(0, 'offline');
  expect([result.current.groups, result.current.problem]).toEqual([[], 'offline']);
});
