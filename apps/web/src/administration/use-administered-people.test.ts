// @vitest-environment happy-dom
import type { AdministeredPerson } from '@everywire/chat-client';
import { act } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { fakeTimeouts } from '../test-kit/fake-timeouts.js';
import { pendingCalls } from '../test-kit/pending-calls.js';
import { renderHookInPage } from '../test-kit/render-in-page.js';
import { useAdministeredPeople } from './use-administered-people.js';

/** One page of the server's list. */
interface Page {
  readonly people: readonly AdministeredPerson[];
  readonly next: number | null;
}

const wait = fakeTimeouts();

function personOf(id: number, state: 'active' | 'suspended' = 'active'): AdministeredPerson {
  const times = { createdAt: 0, lastSeenAt: null, devices: 0, connected: false };
  return { id, name: `p${id}`, displayName: `P${id}`, role: 'member', state, ...times };
}

/** Renders the hook. `lists` are the requests to the server, which a test answers. */
async function open() {
  const lists = pendingCalls<[string, number | null], Page>();
  const people = { list: lists.call };
  const { result, rerender } = renderHookInPage((query: string) => useAdministeredPeople(people, query), {
    initialProps: '',
  });
  await wait(0);
  return {
    lists,
    states: () => result.current.shown.map(({ id, state }) => `${id} ${state}`),
    change: (id: number, person: AdministeredPerson | null) => act(() => result.current.change(id, person)),
    type: async (query: string) => {
      rerender(query);
      await wait(150);
    },
    loadMore: () => act(() => result.current.loadMore()),
  };
}

describe('useAdministeredPeople', () => {
  test('useAdministeredPeople shows the result of an action on any page and removes deleted people', async () => {
    const { lists, states, change, loadMore } = await open();
    await lists.answer(0, { people: [personOf(1), personOf(2)], next: 2 });
    loadMore();
    await lists.answer(1, { people: [personOf(3)], next: null });
    change(3, personOf(3, 'suspended'));
    change(1, null);
    expect(states()).toEqual(['2 active', '3 suspended']);
  });

  test('a newer answer of the server replaces the result of an earlier action on any page', async () => {
    const { lists, states, change, type, loadMore } = await open();
    await lists.answer(0, { people: [personOf(1)], next: 1 });
    loadMore();
    await lists.answer(1, { people: [personOf(2)], next: null });
    change(1, personOf(1, 'suspended'));
    change(2, personOf(2, 'suspended'));
    await type('p');
    await lists.answer(2, { people: [personOf(1)], next: 1 });
    expect(states()).toEqual(['1 active']);
    loadMore();
    await lists.answer(3, { people: [personOf(2)], next: null });
    expect(states()).toEqual(['1 active', '2 active']);
  });

  test('the result of an action taken during a request is kept', async () => {
    const { lists, states, change, type } = await open();
    await lists.answer(0, { people: [personOf(1), personOf(2)], next: null });
    await type('p');
    change(1, personOf(1, 'suspended'));
    change(2, null);
    await lists.answer(1, { people: [personOf(1), personOf(2)], next: null });
    expect(states()).toEqual(['1 suspended']);
  });
});
