// @vitest-environment happy-dom
import type { ChatClient, ChatSnapshot, MemberEntry, Person } from '@everywire/chat-client';
import { act, cleanup } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import { useMembers } from './index.js';
import { renderBelow, Source } from './test-kit/render-below.js';

// Tests `useMembers`, the hook that loads the members of a conversation page by page. The test answers the requests of
// the client.

afterEach(cleanup);

describe('useMembers', () => {
  type Page = Pick<ReturnType<typeof useMembers>, 'members' | 'more'>;
  /** The arguments of the hook. `membersAt` is the sequence of the last change to the members. */
  interface Props {
    readonly conversation: number | null;
    readonly membersAt: number;
  }

  const person = (id: number, displayName = `N${id}`): Person => ({ id, name: `n${id}`, displayName });
  const entry = (id: number): MemberEntry => ({ person: person(id), role: 'member' });
  const page = (ids: readonly number[], more = false): Page => ({ members: ids.map(entry), more });

  /** Renders the hook. `requests` are the requested pages; `answer` answers one, or fails it with `null`. */
  function open(props: Props = { conversation: 7, membersAt: 1 }) {
    const requests: string[] = [];
    const settle: ((page: Page | null) => void)[] = [];
    const people = new Map<number, Person>();
    const connected = (state: 'open' | 'reconnecting') => ({ connection: { state } }) as ChatSnapshot;
    const changes = new Source(connected('open'));
    const client: Partial<ChatClient> = {
      subscribe: changes.subscribe,
      getSnapshot: changes.getSnapshot,
      person: (user) => people.get(user) ?? person(user),
      members: (conversation, after) => {
        requests.push(`${conversation} after ${after}`);
        return new Promise((resolve, reject) => {
          settle.push((answer) => (answer === null ? reject(new Error('offline')) : resolve(know(answer))));
        });
      },
    };
    // The client returns the same object for a person until it changes.
    const know = (answer: Page): Page => {
      for (const one of answer.members) if (!people.has(one.person.id)) people.set(one.person.id, one.person);
      return {
        ...answer,
        members: answer.members.map((one) => ({ ...one, person: people.get(one.person.id) ?? one.person })),
      };
    };
    const view = renderBelow(client, (now: Props) => useMembers(now.conversation, now.membersAt), props);
    return {
      ...view,
      requests,
      answer: (index: number, answer: Page | null) => act(async () => settle[index]?.(answer)),
      loadMore: () => act(() => view.now().loadMore()),
      shown: () => [
        view
          .now()
          .members.map((one) => one.person.displayName)
          .join(),
        view.now().more,
      ],
      connection: (state: 'open' | 'reconnecting') => changes.set(connected(state)),
      rename: (id: number, name: string) => {
        people.set(id, person(id, name));
        changes.set({ ...changes.snapshot });
      },
      changes,
    };
  }

  test('`useMembers` reads the first page, and further ones on demand until there are no more', async () => {
    const { requests, shown, answer, loadMore } = open();
    expect([requests, shown()]).toEqual([['7 after null'], ['', false]]);
    loadMore();
    expect(requests).toHaveLength(1);
    await answer(0, page([1, 2], true));
    expect(shown()).toEqual(['N1,N2', true]);
    loadMore();
    await answer(1, page([3], false));
    expect([requests[1], shown()]).toEqual(['7 after 2', ['N1,N2,N3', false]]);
  });

  test('a page requested twice is added once, and a failed one keeps the members', async () => {
    const { shown, answer, loadMore } = open();
    await answer(0, page([1, 2], true));
    loadMore();
    loadMore();
    loadMore();
    await answer(3, null);
    await answer(1, page([3], true));
    await answer(2, page([3], true));
    expect(shown()).toEqual(['N1,N2,N3', true]);
  });

  test('a failed first page is requested again once the connection is back', async () => {
    const { requests, shown, answer, connection } = open();
    connection('reconnecting');
    await answer(0, null);
    connection('open');
    expect(requests).toEqual(['7 after null', '7 after null']);
    await answer(1, page([1]));
    expect(shown()).toEqual(['N1', false]);
  });

  test('a change of members removes former ones and does not shorten the list', async () => {
    const { requests, shown, answer, loadMore, rerender } = open();
    await answer(0, page([1, 2], true));
    loadMore();
    await answer(1, page([3, 4], true));
    rerender({ conversation: 7, membersAt: 2 });
    expect([requests.length, shown()]).toEqual([3, ['N1,N2,N3,N4', true]]);
    await answer(2, page([1, 3], true));
    expect([requests[3], shown()]).toEqual(['7 after 3', ['N1,N2,N3,N4', true]]);
    await answer(3, page([4, 5], true));
    expect([requests.length, shown()]).toEqual([4, ['N1,N3,N4,N5', true]]);
    rerender({ conversation: 7, membersAt: 2 });
    expect(requests).toHaveLength(4);
  });

  test('reloading stops at an empty page', async () => {
    const { requests, shown, answer, rerender } = open();
    await answer(0, page([1, 2]));
    rerender({ conversation: 7, membersAt: 2 });
    await answer(1, page([1], true));
    await answer(2, page([], true));
    expect([requests, shown()]).toEqual([
      ['7 after null', '7 after null', '7 after 1'],
      ['N1', false],
    ]);
  });

  test('members and late answers of another conversation are dropped', async () => {
    const { requests, shown, answer, loadMore, rerender } = open();
    await answer(0, page([1, 2], true));
    loadMore();
    rerender({ conversation: 8, membersAt: 1 });
    expect([requests[2], shown()]).toEqual(['8 after null', ['', false]]);
    await answer(1, page([3]));
    await answer(2, page([9]));
    expect(shown()).toEqual(['N9', false]);
    rerender({ conversation: null, membersAt: 1 });
    expect([requests.length, shown()]).toEqual([3, ['', false]]);
  });

  test('an answer from before a change is dropped, and a failed one keeps the members', async () => {
    const { shown, answer, rerender } = open();
    rerender({ conversation: 7, membersAt: 2 });
    await answer(1, page([1]));
    await answer(0, page([1, 2]));
    expect(shown()).toEqual(['N1', false]);
    rerender({ conversation: 7, membersAt: 3 });
    await answer(2, null);
    expect(shown()).toEqual(['N1', false]);
  });

  test('nothing is requested after an unmount or for a previous conversation', async () => {
    const { requests, answer, loadMore, rerender, unmount } = open();
    await answer(0, page([1, 2], true));
    loadMore();
    await answer(1, page([3, 4], true));
    rerender({ conversation: 7, membersAt: 2 });
    rerender({ conversation: 8, membersAt: 1 });
    await answer(2, page([1], true));
    expect(requests.slice(2)).toEqual(['7 after null', '8 after null']);
    await answer(3, page([1, 2], true));
    loadMore();
    await answer(4, page([3, 4], true));
    rerender({ conversation: 8, membersAt: 2 });
    unmount();
    await answer(5, page([1], true));
    expect(requests).toHaveLength(6);
  });

  test('members have current names, in the same array until one changes', async () => {
    const { shown, answer, rename, now, changes, unmount } = open();
    await answer(0, page([1, 2], true));
    const before = now().members;
    rename(9, 'somebody else');
    expect(now().members).toBe(before);
    rename(2, 'Bo');
    expect(shown()).toEqual(['N1,Bo', true]);
    expect(now().members[0]).toBe(before[0]);
    const renamed = now().members;
    changes.set({ ...changes.snapshot });
    expect(now().members).toBe(renamed);
    unmount();
    expect(changes.listeners.size).toBe(0);
  });
});
