// @vitest-environment happy-dom
import type { Person } from '@everywire/chat-client';
import { act } from '@testing-library/react';
import { expect, test } from 'vitest';
import { aisha, linWan, tomas } from '../../fixtures/cast.js';
import { fakeTimeouts } from '../test-kit/fake-timeouts.js';
import { pendingCalls } from '../test-kit/pending-calls.js';
import { chatWith, renderHookInPage } from '../test-kit/render-in-page.js';
import { usePeople } from './use-people.js';

const wait = fakeTimeouts();

test('people are loaded page by page, each after the last person of the previous page', async () => {
  const asks = pendingCalls<[string, number | null], { people: readonly Person[]; more: boolean }>();
  const { result } = renderHookInPage(() => usePeople('li'), { chat: chatWith({ people: asks.call }) });
  const shown = () => [result.current.people, result.current.more, result.current.loading];
  expect(shown()).toEqual([[], false, true]);
  await wait(150);
  await asks.answer(0, { people: [linWan, aisha], more: true });
  expect(shown()).toEqual([[linWan, aisha], true, false]);
  act(() => result.current.loadMore());
  await asks.answer(1, { people: [tomas], more: false });
  expect(shown()).toEqual([[linWan, aisha, tomas], false, false]);
  expect(asks.given).toEqual([
    ['li', null],
    ['li', aisha.id],
  ]);
});

test('an empty page is the last one, and a failure keeps the results', async () => {
  const asks = pendingCalls<[string, number | null], { people: readonly Person[]; more: boolean }>();
  const { result, rerender } = renderHookInPage((query: string) => usePeople(query), {
    chat: chatWith({ people: asks.call }),
    initialProps: '',
  });
  await wait(0);
  await asks.answer(0, { people: [], more: true });
  expect([result.current.more, result.current.people]).toEqual([false, []]);
  rerender('li');
  await wait(150);
  await asks.answer(1, { people: [linWan], more: false });
  rerender('lin');
  await wait(150);
  await asks.refuse(2, 'offline');
  expect([result.current.people, result.current.loading]).toEqual([[linWan], false]);
});
