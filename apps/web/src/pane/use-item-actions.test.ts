// @vitest-environment happy-dom
import type { TimelineRow } from '@everywire/chat-client';
import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { linWan, me, message } from '../../fixtures/cast.js';
import { FixtureTimeline } from '../../fixtures/fixture-timeline.js';
import { type ActionTargets, useItemActions } from './use-item-actions.js';

const first = message(1, linWan, 1, 'first');
const unsent = { ...message(2, me, 1, 'second'), sequence: null };
const picture = { id: 'a', name: 'a.png', kind: 'image', type: 'image/png', size: 1 } as const;

/** Renders the hook. `targets` are what the actions call. */
function open(rows: readonly TimelineRow[] = [first, unsent], inThread = false, changed: Partial<ActionTargets> = {}) {
  const timeline = new FixtureTimeline({
    rows,
    unreadKey: null,
    onDraft: () => undefined,
    onRead: () => undefined,
    nextReceipt: () => ({ state: 'sent' }),
  });
  const targets = {
    restore: vi.fn(),
    reply: vi.fn(),
    edit: vi.fn(),
    goTo: vi.fn(),
    copyLink: vi.fn(),
    thread: vi.fn(),
    panel: vi.fn(),
    pick: vi.fn(),
    reportFailure: vi.fn(),
  };
  const { result, rerender } = renderHook(() => useItemActions(timeline, inThread, { ...targets, ...changed }));
  return { timeline, targets, rerender, actions: () => result.current };
}

afterEach(cleanup);

describe('actions on messages', () => {
  test.each([
    ['onReact', ['m1', '👍', true], 'react m1 👍 true'],
    ['onPin', ['m1', false], 'pin m1 false'],
    ['onRecall', ['m1'], 'recall m1'],
    ['onHide', ['m1'], 'hide m1'],
  ] as const)(
    '%s goes to the timeline, clears the previous error, and reports a failure',
    async (name, given, call) => {
      const { timeline, targets, actions } = open();
      const run = actions()[name] as (...given: readonly unknown[]) => void;
      await act(async () => run(...given));
      expect([timeline.calls, targets.reportFailure.mock.calls]).toEqual([[call], [[null]]]);
      const method = call.split(' ')[0] as 'react';
      vi.spyOn(timeline, method).mockRejectedValueOnce(Object.assign(new Error(), { code: 'too_late' }));
      await act(async () => run(...given));
      expect(targets.reportFailure.mock.calls).toEqual([[null], [null], ['too_late']]);
    },
  );

  test('retry, discard and gap loading go to the timeline', () => {
    const { timeline, actions } = open();
    const [retry, discard] = [vi.spyOn(timeline, 'retry').mockReturnValue(), vi.spyOn(timeline, 'discard')];
    actions().onRetry('m2');
    actions().onDiscard('m2');
    actions().onGapNear('gap');
    expect([retry.mock.calls, discard.mock.calls]).toEqual([[['m2']], [['m2']]]);
    expect(timeline.calls).toEqual(['fillGap gap', 'fill gap older']);
  });

  test('actions of the composer and the pane are forwarded to them', () => {
    const { targets, actions } = open();
    actions().onGoTo(4);
    actions().onCopyLink(4);
    actions().onThread?.(4);
    actions().onPanel({ kind: 'readers', key: 'm1' } as never);
    actions().onPick('m1', true);
    actions().onReply?.(first);
    actions().onEdit?.(first);
    actions().onEditAgain?.('again');
    const { restore, reply, edit, goTo, copyLink, thread, panel, pick } = targets;
    expect([goTo, copyLink, thread, panel].map(({ mock }) => mock.calls)).toEqual([
      [[4]],
      [[4]],
      [[4]],
      [[{ kind: 'readers', key: 'm1' }]],
    ]);
    expect([pick, reply, edit, restore].map(({ mock }) => mock.calls)).toEqual([
      [['m1', true]],
      [[first]],
      [[first]],
      [[{ text: 'again' }]],
    ]);
  });

  test('in a thread there is no thread action, and a user who cannot write has no restore, reply or edit', () => {
    expect(open([], true).actions().onThread).toBeNull();
    const { actions } = open([], false, { restore: null });
    const { onTakeBack, onEditAgain, onReply, onEdit } = actions();
    expect([onTakeBack, onEditAgain, onReply, onEdit]).toEqual([null, null, null, null]);
  });

  test('the actions stay the same object between renders', () => {
    const { actions, rerender } = open();
    const before = actions();
    rerender();
    expect(actions()).toBe(before);
  });
});

describe('a message taken back', () => {
  test('a message taken back moves to the composer with its files and mentions', () => {
    const mentions = { people: [linWan], all: false };
    const { timeline, targets, actions } = open([first, { ...unsent, files: [picture], mentions }]);
    actions().onTakeBack?.('m2');
    expect(targets.restore.mock.calls).toEqual([[{ text: 'second', files: [picture], local: [], mentions }]]);
    expect(timeline.getSnapshot().rows).toEqual([first]);
    expect(targets.reply).not.toHaveBeenCalled();
  });

  test('a message taken back restores its reply if the quoted message is loaded', () => {
    const quote = { state: 'shown', sequence: 1, sender: linWan, text: 'first', files: [], mentions: null } as const;
    const { targets, actions } = open([first, { ...unsent, quote }]);
    actions().onTakeBack?.('m2');
    expect(targets.reply.mock.calls).toEqual([[first]]);
    const gone = open([{ ...unsent, quote }]);
    gone.actions().onTakeBack?.('m2');
    expect([gone.targets.restore.mock.calls.length, gone.targets.reply.mock.calls]).toEqual([1, []]);
    const unavailable = open([first, { ...unsent, quote: { state: 'unavailable' } }]);
    unavailable.actions().onTakeBack?.('m2');
    expect([unavailable.targets.restore.mock.calls.length, unavailable.targets.reply.mock.calls]).toEqual([1, []]);
  });

  test('taking back is a no-op for a missing row and for one that is not a message', () => {
    const gap: TimelineRow = { type: 'gap', key: 'gap', loading: false };
    const { targets, actions } = open([gap]);
    actions().onTakeBack?.('m9');
    actions().onTakeBack?.('gap');
    expect(targets.restore).not.toHaveBeenCalled();
  });
});
