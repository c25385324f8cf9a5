// @vitest-environment happy-dom
import type { ChatClient, ChatSnapshot, Presence, Timeline, TimelineSnapshot } from '@everywire/chat-client';
import { act, cleanup } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import { useChat, useOpenThread, useOpenTimeline, usePresence, useTimelineSnapshot } from './index.js';
import { renderBelow, Source } from './test-kit/render-below.js';

// Tests the renders of the hooks while the client changes. A `Source` holds the snapshot that the test sets; `now`
// returns the result of the last render.

afterEach(cleanup);

describe('useChat', () => {
  test('`useChat` renders again only for another snapshot, and unsubscribes on unmount', () => {
    const source = new Source({ loading: true } as ChatSnapshot);
    const { renders, now, unmount } = renderBelow(source, () => useChat(), null);
    expect([now().loading, renders.length]).toEqual([true, 1]);
    source.set(source.snapshot);
    expect(renders).toHaveLength(1);
    source.set({ loading: false } as ChatSnapshot);
    expect([now().loading, renders.length, source.listeners.size]).toEqual([false, 2, 1]);
    unmount();
    expect(source.listeners.size).toBe(0);
  });
});

describe('an open timeline', () => {
  const timelines = () => {
    const opened: string[] = [];
    const open = (name: string) => {
      opened.push(`open ${name}`);
      return { close: () => opened.push(`close ${name}`) } as Partial<Timeline> as Timeline;
    };
    return {
      opened,
      client: {
        openTimeline: (id: number) => open(`${id}`),
        openThread: (id: number, root: number) => open(`${id}/${root}`),
      },
    };
  };

  test('a timeline is opened once, and closed when the conversation changes or the component unmounts', () => {
    const { opened, client } = timelines();
    const { renders, rerender, unmount } = renderBelow(client, (id: number) => useOpenTimeline(id), 7 as number);
    expect([renders[0], opened]).toEqual([null, ['open 7']]);
    rerender(7);
    expect(opened).toEqual(['open 7']);
    rerender(8);
    expect(opened).toEqual(['open 7', 'close 7', 'open 8']);
    unmount();
    expect(opened).toEqual(['open 7', 'close 7', 'open 8', 'close 8']);
  });

  test('a thread is opened by its conversation and root', () => {
    const { opened, client } = timelines();
    const { rerender, now, unmount } = renderBelow(client, (root: number) => useOpenThread(7, root), 3 as number);
    expect(now()).not.toBeNull();
    rerender(4);
    unmount();
    expect(opened).toEqual(['open 7/3', 'close 7/3', 'open 7/4', 'close 7/4']);
  });

  test('`useTimelineSnapshot` returns snapshots of the timeline given last', () => {
    const first = new Source({ loading: true } as TimelineSnapshot);
    const second = new Source({ loading: false } as TimelineSnapshot);
    const { now, renders, rerender, unmount } = renderBelow(
      {},
      (timeline: Source<TimelineSnapshot>) => useTimelineSnapshot(timeline as Partial<Timeline> as Timeline),
      first,
    );
    const changed = { ...first.snapshot, atStart: true };
    first.set(changed);
    expect([now(), renders.length]).toEqual([changed, 2]);
    rerender(second);
    expect([now(), first.listeners.size, second.listeners.size]).toEqual([second.snapshot, 0, 1]);
    unmount();
    expect(second.listeners.size).toBe(0);
  });
});

describe('usePresence', () => {
  function watch(users: readonly number[]) {
    const watched: string[] = [];
    const listeners = new Set<() => void>();
    let online: readonly number[] = [];
    const client: Partial<ChatClient> = {
      presence: (user): Presence => (online.includes(user) ? { state: 'online' } : { state: 'unknown' }),
      watchPresence: (given, listener) => {
        watched.push(`watch ${given.join()}`);
        listeners.add(listener);
        return () => {
          watched.push(`leave ${given.join()}`);
          listeners.delete(listener);
        };
      },
    };
    const view = renderBelow(client, (given: readonly number[]) => usePresence(given)(2).state, users);
    const comes = (user: number) => {
      online = [...online, user];
      act(() => {
        for (const listener of listeners) listener();
      });
    };
    return { ...view, watched, comes };
  }

  test('`usePresence` shows changes, and watches while the component is mounted', () => {
    const { watched, comes, now, rerender, unmount } = watch([2, 3]);
    expect([now(), watched]).toEqual(['unknown', ['watch 2,3']]);
    comes(2);
    expect(now()).toBe('online');
    rerender([2, 3]);
    expect(watched).toEqual(['watch 2,3']);
    rerender([2]);
    expect(watched).toEqual(['watch 2,3', 'leave 2,3', 'watch 2']);
    unmount();
    expect(watched).toEqual(['watch 2,3', 'leave 2,3', 'watch 2', 'leave 2']);
  });

  test('`usePresence` watches no one without users', () => {
    const { watched, rerender } = watch([]);
    rerender([2]);
    rerender([]);
    expect(watched).toEqual(['watch 2', 'leave 2']);
  });
});
