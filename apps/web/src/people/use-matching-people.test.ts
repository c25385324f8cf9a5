// @vitest-environment happy-dom
import type { Person } from '@everywire/chat-client';
import { act } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { FixtureChat } from '../../fixtures/fixture-chat.js';
import { chatWith, renderHookInPage } from '../test-kit/render-in-page.js';
import { useMatchingPeople } from './use-matching-people.js';

const noConversations = { wire: 'fine', empty: true, typing: false, rich: false, album: false, talks: false } as const;
const everyone: readonly Person[] = [
  { id: 80, name: 'n80', displayName: '赵雷' },
  { id: 81, name: 'n81', displayName: 'Søren Łuk' },
  { id: 82, name: 'n82', displayName: '王伟', state: 'suspended' },
];

test('people of the directory are found by pinyin and without accents, which the server does not compare', async () => {
  const people = async (query: string) => ({ people: query === '' ? everyone : [], more: false });
  const chat = Object.assign(new FixtureChat({ ...noConversations, history: null }), { people });
  const { result, rerender } = renderHookInPage((query: string) => useMatchingPeople(query), {
    chat,
    initialProps: 'zl',
  });
  const names = () => result.current.people.map(({ displayName }) => displayName);
  await vi.waitFor(() => expect(names()).toEqual(['赵雷']));
  for (const [query, expected] of [
    ['zhaol', ['赵雷']],
    ['soren luk', ['Søren Łuk']],
    ['wangwei', []],
  ] as const) {
    await act(async () => rerender(query));
    expect([query, names()]).toEqual([query, expected]);
  }
});

test('a person of a conversation and of the server’s answer is listed once', async () => {
  const people = async () => ({ people: [{ id: 6, name: 'chenmo', displayName: '陈默' }], more: false });
  const { result } = renderHookInPage(() => useMatchingPeople('cm'), { chat: chatWith({ people }) });
  await vi.waitFor(() => expect(result.current.people.map(({ id }) => id)).toEqual([6]));
});
