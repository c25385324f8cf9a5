// Over 300 lines: the cases of one class share its set-up.
// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { linWan, message } from '../../fixtures/cast.js';
import { FakeList } from '../test-kit/fake-list.js';
import { ScrollAnchor, type ScrollContext } from './scroll-anchor.js';
import { createScrollMemory } from './scroll-memory.js';
import type { TimelineItem } from './timeline-items.js';

const said = (sequence: number): TimelineItem => ({
  ...{ type: 'message', key: `m${sequence}`, row: message(sequence, linWan, sequence * 1_000, 'x') },
  ...{ head: true, tail: true, stamped: true, lastWaiting: false },
});
const from = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => said(first + index));
const unreadLine: TimelineItem = { type: 'new', key: 'new m5' };

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setInterval', 'clearInterval', 'requestAnimationFrame', 'cancelAnimationFrame', 'performance'],
  });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Creates a scroll anchor over rows of 100 px. The tests call what the page would call. */
function open(items: readonly TimelineItem[], changed: Partial<ScrollContext> = {}, heightPx = 300) {
  const list = new FakeList(
    items.map(() => 100),
    heightPx,
  );
  const onNearStart = vi.fn();
  let scene: ScrollContext = {
    ...{ conversation: 12, items, shift: false, isEnd: true, opensAt: null, memory: createScrollMemory(), onNearStart },
    onIntent: () => undefined,
    scroller: { current: list.element },
    list: { current: list.handle },
    ...changed,
  };
  const scrollAnchor = new ScrollAnchor(scene);
  const top = () => list.element.scrollTop;
  const view = () => scrollAnchor.getSnapshot().view;
  const change = (next: readonly TimelineItem[], also: Partial<ScrollContext> = {}) => {
    list.heights = next.map(() => 100);
    scene = { ...scene, items: next, ...also };
    scrollAnchor.update(scene);
    scrollAnchor.onItems();
  };
  const scrollTo = (next: number) => {
    list.element.scrollTop = next;
    scrollAnchor.onScroll();
  };
  /** Scrolls as a user with the wheel does, some time after the page's own last scroll. */
  const wheelTo = (next: number) => {
    vi.advanceTimersByTime(1);
    list.element.dispatchEvent(new Event('wheel'));
    scrollTo(next);
  };
  const kept = () => scene.memory.read(12);
  return { scrollAnchor, list, scene, top, view, change, scrollTo, wheelTo, kept, onNearStart };
}

/** Does the same, opened and at the opening place. */
function arrived(items: readonly TimelineItem[], changed: Partial<ScrollContext> = {}, heightPx?: number) {
  const opened = open(items, changed, heightPx);
  opened.scrollAnchor.listenForIntent();
  opened.scrollAnchor.onItems();
  opened.scrollAnchor.onScroll();
  if (vi.getTimerCount() > 0) frames(3);
  return opened;
}

function frames(count: number): void {
  for (let frame = 0; frame < count; frame++) vi.advanceTimersToNextFrame();
}

describe('toLatest', () => {
  const items = [...from(1, 14), { type: 'new', key: 'new m15' } as const, ...from(15, 30)];
  const leftFarUp = () => {
    const memory = createScrollMemory();
    memory.keep(12, { at: 'row', key: 'm3', top: 0 });
    return arrived(items, { opensAt: 'm15', memory });
  };

  test('toLatest goes to the first unread message after opening at an earlier place, then to the end', () => {
    const { scrollAnchor, top } = leftFarUp();
    expect(top()).toBe(200);
    scrollAnchor.toLatest(6);
    frames(5);
    expect(top()).toBe(1_344);
    scrollAnchor.toLatest(17);
    frames(5);
    expect(top()).toBe(2_800);
  });

  test('toLatest goes to the end if nothing is unread', () => {
    const { scrollAnchor, top, scrollTo } = arrived(from(1, 30));
    scrollTo(0);
    scrollAnchor.toLatest(0);
    frames(5);
    expect(top()).toBe(2_700);
  });
});

describe('scroll keys', () => {
  test('scroll keys move by a viewport with some overlap, and to the start', () => {
    const { scrollAnchor, top, change } = arrived(from(1, 30));
    const press = (key: Parameters<typeof scrollAnchor.scrollBy>[0]) => {
      vi.advanceTimersByTime(1);
      scrollAnchor.scrollBy(key);
      scrollAnchor.onScroll();
      return top();
    };
    expect([press('PageUp'), press('PageUp'), press('PageDown')]).toEqual([2_440, 2_180, 2_440]);
    change(from(1, 31));
    expect(top()).toBe(2_440);
    expect(press('Home')).toBe(0);
  });
});

describe('the opening place', () => {
  test('a conversation opens at its end', () => {
    const { top, view, kept } = arrived(from(1, 10));
    expect([top(), view(), kept()]).toEqual([
      700,
      { known: true, atEnd: true, far: false, dayAt: 8_000 },
      { at: 'end' },
    ]);
  });

  test('a conversation opens at its unread line with some read messages above', () => {
    const items = [...from(1, 4), unreadLine, ...from(5, 10)];
    const { top, view } = arrived(items, { opensAt: 'm5' });
    expect([top(), view().atEnd]).toEqual([344, false]);
  });

  test('a conversation opens where it was left rather than at its unread line', () => {
    const memory = createScrollMemory();
    memory.keep(12, { at: 'row', key: 'm3', top: -20 });
    const items = [...from(1, 4), unreadLine, ...from(5, 10)];
    expect(arrived(items, { opensAt: 'm5', memory }).top()).toBe(220);
  });

  test('a conversation opens at its unread line if it was left at the end or at a row that is gone', () => {
    const items = [...from(1, 4), unreadLine, ...from(5, 10)];
    const memory = createScrollMemory();
    memory.keep(12, { at: 'end' });
    expect(arrived(items, { opensAt: 'm5', memory }).top()).toBe(344);
    memory.keep(12, { at: 'row', key: 'gone', top: 0 });
    expect(arrived(items, { opensAt: 'm5', memory }).top()).toBe(344);
    expect(arrived(from(1, 10), { opensAt: 'm99' }).top()).toBe(700);
  });

  test('the opening place is not decided while there are no rows', () => {
    const { scrollAnchor, change, top, view } = open([]);
    scrollAnchor.onItems();
    scrollAnchor.onScroll();
    expect(view()).toEqual({ known: false, atEnd: false, far: false, dayAt: null });
    change([...from(1, 4), unreadLine, ...from(5, 10)], { opensAt: 'm5' });
    expect(top()).toBe(344);
  });

  test('the list moves to an unread line found a moment later, unless the user has touched the list', () => {
    const items = [...from(1, 4), unreadLine, ...from(5, 10)];
    const first = arrived(from(1, 10));
    first.change(items, { opensAt: 'm5' });
    expect(first.top()).toBe(344);
    const touched = arrived(from(1, 10));
    touched.list.element.dispatchEvent(new Event('pointerdown'));
    touched.change(items, { opensAt: 'm5' });
    expect(touched.top()).toBe(800);
  });

  test('the list does not move to an unread line after a jump to a message or a send before rows were loaded', () => {
    const { scrollAnchor, change, top } = arrived(from(1, 10));
    scrollAnchor.toPlace({ at: 'row', key: 'm2', top: 0 });
    change([...from(1, 4), unreadLine, ...from(5, 10)], { opensAt: 'm5' });
    expect(top()).toBe(100);
    const stays = arrived(from(1, 10));
    stays.scrollAnchor.toEnd();
    stays.change([...from(1, 4), unreadLine, ...from(5, 10)], { opensAt: 'm5' });
    expect(stays.top()).toBe(344);
    const early = open([]);
    early.scrollAnchor.toEnd();
    early.change([...from(1, 4), unreadLine, ...from(5, 20)], { opensAt: 'm5' });
    expect(early.top()).toBe(1_800);
  });
});

describe('before the opening place is reached', () => {
  test('what is in view before the opening place is reached is ignored', () => {
    const { scrollAnchor, list, view, kept, onNearStart } = open(from(1, 10));
    scrollAnchor.onItems();
    list.heights = list.heights.map(() => 200);
    scrollAnchor.onScroll();
    expect([view().known, kept(), onNearStart.mock.calls]).toEqual([false, null, []]);
  });

  test('the opening place is tried every 200 ms, at most five times, then the list is shown as it is', () => {
    const { scrollAnchor, list, top, view } = open(from(1, 10));
    scrollAnchor.onItems();
    scrollAnchor.waitForArrival();
    for (let tries = 1; tries <= 4; tries++) {
      // Rows are measured taller than estimated.
      list.heights = list.heights.map((height) => height + 10);
      vi.advanceTimersByTime(200);
      expect([top(), view().known]).toEqual([600 + tries * 200, false]);
      list.heights = list.heights.map((height) => height + 10);
    }
    vi.advanceTimersByTime(199);
    expect(view().known).toBe(false);
    vi.advanceTimersByTime(1);
    expect(view()).toMatchObject({ known: true, atEnd: false });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a list that fits its viewport never scrolls and is shown after 200 ms', () => {
    const { scrollAnchor, view } = open(from(1, 2));
    scrollAnchor.onItems();
    scrollAnchor.waitForArrival();
    vi.advanceTimersByTime(200);
    expect([view(), scrollAnchor.getSnapshot().lastInView]).toEqual([
      { known: true, atEnd: true, far: false, dayAt: 1_000 },
      'm2',
    ]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('waiting for arrival ends on unmount', () => {
    const { scrollAnchor } = open(from(1, 2));
    scrollAnchor.waitForArrival()();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('at the end', () => {
  test('new messages are followed at the end', () => {
    const { change, top } = arrived(from(1, 10));
    change(from(1, 11));
    expect(top()).toBe(800);
  });

  test('the list stays at the end when the viewport shrinks', () => {
    const { scrollAnchor, list, top, view } = arrived(from(1, 10));
    list.heights = [...list.heights.slice(0, -1), 250];
    scrollAnchor.onResize();
    expect([top(), view().atEnd]).toEqual([850, true]);
  });

  test('scrolling up leaves the end, and scrolling back to it follows new messages again', () => {
    const { wheelTo, change, top, view } = arrived(from(1, 10));
    wheelTo(500);
    expect(view().atEnd).toBe(false);
    change(from(1, 11));
    expect(top()).toBe(500);
    wheelTo(800);
    expect(view().atEnd).toBe(true);
    change(from(1, 12));
    expect(top()).toBe(900);
  });

  test('an upward scroll within 200 ms of the page’s own is not attributed to the user', () => {
    const own = arrived(from(1, 10));
    vi.advanceTimersByTime(200);
    own.scrollTo(650);
    own.change(from(1, 11));
    expect(own.top()).toBe(800);
    const later = arrived(from(1, 10));
    vi.advanceTimersByTime(201);
    later.scrollTo(650);
    later.change(from(1, 11));
    expect(later.top()).toBe(650);
  });

  test('a user action 1500 ms ago is not taken as the cause of a scroll', () => {
    const at = (ms: number) => {
      const { list, scrollTo, change, top, scrollAnchor } = arrived(from(1, 10));
      vi.advanceTimersByTime(1);
      list.element.dispatchEvent(new Event('keydown'));
      vi.advanceTimersByTime(ms);
      scrollAnchor.onResize();
      scrollTo(650);
      change(from(1, 11));
      return top();
    };
    expect([at(1_499), at(1_500)]).toEqual([650, 800]);
  });

  test('no events are handled after unmount', () => {
    const { scrollAnchor, list, change, top } = open(from(1, 10));
    scrollAnchor.listenForIntent()();
    scrollAnchor.onItems();
    scrollAnchor.onScroll();
    for (const event of ['wheel', 'touchmove', 'pointerdown', 'keydown']) list.element.dispatchEvent(new Event(event));
    change([...from(1, 4), unreadLine, ...from(5, 10)], { opensAt: 'm5' });
    expect(top()).toBe(344);
  });

  test.each(['wheel', 'touchmove', 'pointerdown', 'keydown'])('%s counts as a user action', (event) => {
    const { list, change, top } = arrived(from(1, 10));
    list.element.dispatchEvent(new Event(event));
    change([...from(1, 4), unreadLine, ...from(5, 10)], { opensAt: 'm5' });
    expect(top()).toBe(800);
  });
});

describe('in the history', () => {
  test('the first visible message stays in place when rows are added above it', () => {
    const { wheelTo, change, top } = arrived(from(11, 20));
    wheelTo(250);
    change(from(6, 20));
    expect(top()).toBe(750);
  });

  test('the list itself keeps its position when history is prepended', () => {
    const { wheelTo, change, top } = arrived(from(11, 20));
    wheelTo(250);
    change(from(6, 20), { shift: true });
    expect(top()).toBe(250);
    // The new position is the reference from here on.
    change(from(5, 20), { shift: false });
    expect(top()).toBe(850);
  });

  test('nothing moves when rows are added below or when the first visible message is removed', () => {
    const { wheelTo, change, top } = arrived(from(11, 20));
    wheelTo(250);
    change(from(11, 25));
    expect(top()).toBe(250);
    change([...from(11, 12), ...from(14, 25)]);
    expect(top()).toBe(250);
    change([...from(1, 12), ...from(14, 25)]);
    expect(top()).toBe(250);
  });

  test('the position is stored for the next visit', () => {
    const { wheelTo, kept } = arrived(from(11, 20));
    wheelTo(250);
    expect(kept()).toEqual({ at: 'row', key: 'm13', top: -50, sequence: 13 });
    wheelTo(700);
    expect(kept()).toEqual({ at: 'end' });
  });

  test('older messages are requested less than 800 px from the start', () => {
    const { wheelTo, onNearStart } = arrived(from(1, 20));
    onNearStart.mockClear();
    wheelTo(800);
    expect(onNearStart).not.toHaveBeenCalled();
    wheelTo(799);
    expect(onNearStart).toHaveBeenCalledTimes(1);
  });

  test('the last loaded message before a gap is not the end: the list stays there when more is loaded', () => {
    const { wheelTo, change, top, view, kept } = arrived(from(1, 5), { isEnd: false });
    wheelTo(200);
    expect([view().atEnd, view().far, kept()?.at]).toEqual([false, true, 'row']);
    change(from(1, 9), { isEnd: true });
    expect(top()).toBe(200);
  });
});

describe('a jump to a message', () => {
  test('a jump puts the message at a third of the viewport', () => {
    const { scrollAnchor, top } = arrived(from(1, 20));
    scrollAnchor.toRow('m10');
    expect(top()).toBe(800);
  });

  test('a jump puts the message 160 px below the edge of a tall viewport', () => {
    const { scrollAnchor, top } = arrived(from(1, 20), {}, 600);
    scrollAnchor.toRow('m10');
    expect(top()).toBe(740);
  });

  test('a jump continues while rows are measured, for three frames after the message is in place', () => {
    const after = (count: number) => {
      const { scrollAnchor, list, top } = arrived(from(1, 20));
      scrollAnchor.toRow('m10');
      scrollAnchor.onScroll();
      frames(count);
      list.heights = list.heights.map(() => 120);
      scrollAnchor.onResize();
      return top();
    };
    expect([after(0), after(2), after(3)]).toEqual([980, 980, 800]);
  });

  test('a jump is tried for 60 frames, however long they take', () => {
    const after = (count: number) => {
      const { scrollAnchor, list, top } = arrived(from(1, 20));
      list.moveTo.mockImplementation(() => undefined);
      scrollAnchor.toRow('m10');
      vi.advanceTimersByTime(5);
      frames(count);
      list.moveTo.mockReset();
      scrollAnchor.onResize();
      return top();
    };
    // Given up, the list stays where it was: at its end.
    expect([after(59), after(60)]).toEqual([800, 1_700]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a jump on a slow device is not mistaken for a scroll of the user', () => {
    const { scrollAnchor, list, top, scrollTo } = arrived(from(1, 20));
    scrollAnchor.toRow('m10');
    // The list's own scroll event arrives late, and rows are measured even later.
    vi.setSystemTime(performance.now() + 5_000);
    scrollTo(800);
    list.heights = list.heights.map(() => 120);
    scrollAnchor.onResize();
    expect(top()).toBe(980);
  });

  test('a jump ends when the user scrolls elsewhere', () => {
    const { scrollAnchor, list, top, wheelTo } = arrived(from(1, 20));
    scrollAnchor.toRow('m10');
    list.heights = list.heights.map(() => 120);
    wheelTo(300);
    scrollAnchor.onResize();
    expect(top()).toBe(300);
  });

  test('a jump from the end does not hold the list at the end', () => {
    const { scrollAnchor, list, scrollTo, top } = arrived(from(1, 20));
    // The list needs a moment: its first scroll event is still at the end.
    list.moveTo.mockImplementationOnce(() => undefined);
    scrollAnchor.toRow('m10');
    scrollTo(1_700);
    scrollAnchor.onResize();
    expect(top()).toBe(800);
  });

  test('a jump is not cancelled by a scroll that happened before it', () => {
    const { scrollAnchor, list, top, scrollTo } = arrived(from(1, 20));
    list.element.dispatchEvent(new Event('wheel'));
    scrollAnchor.toRow('m10');
    list.heights = list.heights.map(() => 120);
    scrollTo(900);
    scrollAnchor.onResize();
    expect(top()).toBe(980);
  });
});

describe('listeners', () => {
  test('listeners are notified when the view changes, and only then', () => {
    const { scrollAnchor, wheelTo } = arrived(from(1, 20));
    const listener = vi.fn();
    const stop = scrollAnchor.subscribe(listener);
    const before = scrollAnchor.getSnapshot();
    scrollAnchor.refresh();
    expect([listener.mock.calls.length, scrollAnchor.getSnapshot()]).toEqual([0, before]);
    expect(scrollAnchor.getSnapshot()).toBe(before);
    wheelTo(1_650);
    expect(listener).toHaveBeenCalledTimes(1);
    stop();
    wheelTo(500);
    expect(listener).toHaveBeenCalledTimes(1);
  });

  test('the last message in view is updated when scrolling stops', () => {
    const { scrollAnchor, wheelTo } = arrived(from(1, 20));
    wheelTo(500);
    expect(scrollAnchor.getSnapshot().lastInView).toBeNull();
    scrollAnchor.onScrollEnd();
    expect(scrollAnchor.getSnapshot().lastInView).toBe('m8');
  });

  test('nothing happens without a mounted list', () => {
    const { scrollAnchor } = open(from(1, 20), { list: { current: null } });
    scrollAnchor.onItems();
    scrollAnchor.onScroll();
    scrollAnchor.onScrollEnd();
    scrollAnchor.refresh();
    scrollAnchor.toRow('m10');
    scrollAnchor.onResize();
    expect(scrollAnchor.getSnapshot()).toEqual({
      ...{ view: { known: false, atEnd: false, far: false, dayAt: null }, lastInView: null },
    });
  });
});

test('toEnd reaches the end even while the list is scrolling to its opening place', () => {
  const { scrollAnchor, top } = open([...from(1, 4), unreadLine, ...from(5, 30)], { opensAt: 'm5' });
  scrollAnchor.onItems();
  scrollAnchor.toEnd();
  expect(top()).toBe(2_800);
});
