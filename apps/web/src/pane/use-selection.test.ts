// @vitest-environment happy-dom
import type { TimelineRow } from '@everywire/chat-client';
import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import { linWan, me, message } from '../../fixtures/cast.js';
import { useSelection } from './use-selection.js';

const row = (sequence: number) => message(sequence, linWan, 1, 'x');
const unsent = { ...message(6, me, 1, 'x'), sequence: null };
const gap: TimelineRow = { type: 'gap', key: 'gap', loading: false };
const rows: readonly TimelineRow[] = [row(1), row(2), gap, row(3), row(4), unsent];

/** Renders the hook over rows, two of which are not messages that can be selected. */
function open(initial: readonly TimelineRow[] = rows) {
  const { result, rerender } = renderHook((now: readonly TimelineRow[]) => useSelection(now), {
    initialProps: initial,
  });
  return {
    picked: () => result.current.rows.map(({ key }) => key),
    hook: () => result.current,
    pick: (key: string, range = false) => act(() => result.current.pick(key, range)),
    extend: (from: string, to: string) => act(() => result.current.extend(from, to)),
    end: () => act(() => result.current.end()),
    change: rerender,
  };
}

afterEach(cleanup);

describe('selecting messages', () => {
  test('picking toggles a message, and the selection is in timeline order', () => {
    const { picked, pick, hook } = open();
    expect(picked()).toEqual([]);
    pick('m3');
    pick('m1');
    expect([picked(), [...hook().keys]]).toEqual([
      ['m1', 'm3'],
      ['m1', 'm3'],
    ]);
    pick('m3');
    expect(picked()).toEqual(['m1']);
  });

  test('a range extends from the last picked message in either direction and across a gap', () => {
    const { picked, pick } = open();
    pick('m2');
    pick('m4', true);
    expect(picked()).toEqual(['m2', 'm3', 'm4']);
    pick('m1', true);
    expect(picked()).toEqual(['m1', 'm2', 'm3', 'm4']);
  });

  test('a range extends from a deselected message and selects it again', () => {
    const { picked, pick } = open();
    pick('m1');
    pick('m3');
    pick('m3');
    pick('m4', true);
    expect(picked()).toEqual(['m1', 'm3', 'm4']);
  });

  test('a range without a start toggles one message', () => {
    const { picked, pick } = open();
    pick('m3', true);
    expect(picked()).toEqual(['m3']);
    const again = open();
    again.pick('m3');
    again.end();
    expect(again.picked()).toEqual([]);
    again.pick('m1', true);
    expect(again.picked()).toEqual(['m1']);
  });

  test('a range from a removed message selects nothing', () => {
    const { picked, pick, change } = open();
    pick('m1');
    change([row(2), row(4)]);
    pick('m4', true);
    expect(picked()).toEqual([]);
  });

  test('an unsent message cannot be selected', () => {
    const { picked, pick } = open();
    pick('m4');
    pick('m6', true);
    expect(picked()).toEqual(['m4']);
    pick('m6');
    expect(picked()).toEqual(['m4']);
  });

  test('moving the focus selects both ends, and the next range continues from there', () => {
    const { picked, extend, pick } = open();
    extend('m2', 'm1');
    expect(picked()).toEqual(['m1', 'm2']);
    extend('m2', 'm3');
    expect(picked()).toEqual(['m1', 'm2', 'm3']);
    pick('m4', true);
    expect(picked()).toEqual(['m1', 'm2', 'm3', 'm4']);
  });

  test('recalled and deleted messages drop out of the selection', () => {
    const { picked, pick, change, hook } = open();
    pick('m1');
    pick('m3');
    const recalled = { ...row(3), type: 'recalled', by: linWan } as unknown as TimelineRow;
    change([row(1), recalled]);
    expect([picked(), [...hook().keys]]).toEqual([['m1'], ['m1']]);
    change([]);
    expect(picked()).toEqual([]);
  });

  test('an edited message is selected in its current version', () => {
    const { pick, change, hook } = open();
    pick('m1');
    const edited = { ...row(1), text: 'y' };
    change([edited]);
    expect(hook().rows).toEqual([edited]);
  });
});

describe('the selection limit', () => {
  const many = Array.from({ length: 102 }, (_, index) => row(index + 1));

  test('a range stops at a hundred messages, counted from its start', () => {
    const { picked, pick } = open(many);
    pick('m1');
    pick('m100', true);
    expect(picked()).toHaveLength(100);
    pick('m101');
    pick('m102', true);
    expect([picked().length, picked().at(-1)]).toEqual([100, 'm100']);
    pick('m50');
    pick('m101');
    expect([picked().length, picked().includes('m101'), picked().includes('m50')]).toEqual([100, true, false]);
  });

  test('an upward range keeps the hundred messages next to its start', () => {
    const { picked, pick } = open(many);
    pick('m102');
    pick('m1', true);
    expect([picked().length, picked()[0], picked().at(-1)]).toEqual([100, 'm3', 'm102']);
  });
});

test('the callbacks stay the same between renders', () => {
  const { hook, change, pick } = open();
  pick('m1');
  const before = hook();
  change(rows);
  expect(hook()).toEqual(before);
  expect([hook().rows, hook().keys, hook().pick]).toEqual([before.rows, before.keys, before.pick]);
  expect(hook().rows).toBe(before.rows);
  expect(hook().keys).toBe(before.keys);
  expect([hook().pick === before.pick, hook().extend === before.extend, hook().end === before.end]).toEqual([
    true,
    true,
    true,
  ]);
});
