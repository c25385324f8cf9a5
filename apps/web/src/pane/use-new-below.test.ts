// @vitest-environment happy-dom
import type { TimelineRow } from '@everywire/chat-client';
import { cleanup, renderHook } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { linWan, me, message } from '../../fixtures/cast.js';
import { useNewBelow } from './use-new-below.js';

const theirs = (sequence: number) => message(sequence, linWan, 1, 'x');
const mine = (sequence: number) => message(sequence, me, 1, 'x');
const gap: TimelineRow = { type: 'gap', key: 'gap', loading: false };
const service = { ...theirs(9), type: 'service', key: 'm9', change: { change: 'joined' } } as unknown as TimelineRow;

type Given = Parameters<typeof useNewBelow>[0];

/** Renders the hook. `change` renders it again and returns the number of new messages. */
function open(given: Partial<Given>) {
  const start: Given = { rows: [], unreadKey: null, unread: 0, atEnd: false, seenTo: 0, ...given };
  let now = start;
  const { result, rerender } = renderHook((props: Given) => useNewBelow(props), { initialProps: start });
  return {
    count: () => result.current,
    change: (changed: Partial<Given>) => {
      now = { ...now, ...changed };
      rerender(now);
      return result.current;
    },
  };
}

afterEach(cleanup);

test('only messages of others after the unread line are counted', () => {
  const rows = [theirs(1), theirs(2), mine(3), service, theirs(4)];
  expect(open({ rows, unreadKey: 'm2' }).count()).toBe(2);
  expect(open({ rows, unreadKey: 'm1' }).count()).toBe(3);
  expect(open({ rows, unreadKey: null }).count()).toBe(0);
  expect(open({ rows, unreadKey: 'not held' }).count()).toBe(0);
});

test('the conversation’s unread count is used if a gap is below the line and the end was not seen', () => {
  const rows = [theirs(1), theirs(2), gap, theirs(9)];
  expect(open({ rows, unreadKey: 'm2', unread: 40 }).count()).toBe(40);
  expect(open({ rows: [gap, theirs(2)], unreadKey: 'm2', unread: 40 }).count()).toBe(1);
});

test('visible messages are not counted; across a gap, the unread count follows them', () => {
  const { change } = open({ rows: [theirs(1), theirs(2), mine(3), theirs(4)], unreadKey: 'm1' });
  expect([change({ seenTo: 1 }), change({ seenTo: 3 }), change({ seenTo: 4 })]).toEqual([2, 1, 0]);
  const cut = open({ rows: [theirs(1), theirs(2), gap, theirs(40)], unreadKey: 'm1', unread: 40 });
  expect([cut.count(), cut.change({ seenTo: 2, unread: 38 }), cut.change({ unread: 0 })]).toEqual([40, 38, 1]);
});

test('the count is zero at the end and restarts when the user scrolls up', () => {
  const { change, count } = open({ rows: [theirs(1), theirs(2)], unreadKey: 'm1', unread: 40, atEnd: true });
  expect(count()).toBe(0);
  expect(change({ atEnd: false })).toBe(0);
  const rows = [theirs(1), theirs(2), theirs(3), mine(4)];
  expect(change({ rows })).toBe(1);
  expect(change({ rows: [...rows, gap, theirs(8)] })).toBe(2);
  expect(change({ atEnd: true })).toBe(0);
  expect(change({ atEnd: false })).toBe(0);
});

test('the count is zero if the last seen message is gone', () => {
  const { change } = open({ rows: [theirs(1), theirs(2)], unreadKey: 'm1', atEnd: true });
  change({ atEnd: false });
  expect(change({ rows: [theirs(1), theirs(3), theirs(4)] })).toBe(0);
});

test('the end of an empty list does not count as a seen message', () => {
  const { change } = open({ rows: [], unreadKey: 'm1', atEnd: true });
  expect(change({ rows: [theirs(1)], atEnd: false })).toBe(1);
});
