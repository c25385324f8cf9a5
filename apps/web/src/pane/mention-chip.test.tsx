// @vitest-environment happy-dom
import type { Timeline, TimelineRow } from '@everywire/chat-client';
import { fireEvent } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { entry, linWan, message } from '../../fixtures/cast.js';
import { en } from '../i18n/en.js';
import { renderInPage } from '../test-kit/render-in-page.js';
import { MentionChip } from './mention-chip.js';

const row = (sequence: number, mentionsMe = false): TimelineRow => ({
  ...message(sequence, linWan, 1, 'x'),
  mentionsMe,
});
const gap = (loading = false): TimelineRow => ({ type: 'gap', key: 'gap', loading });

/** Renders the chip that leads to unread mentions. */
function open(mentions: number, mentionAt: number | null, rows: readonly TimelineRow[]) {
  const fillGap = vi.fn();
  const onGoTo = vi.fn();
  const timeline = { fillGap } as Partial<Timeline> as Timeline;
  const of = entry({ id: 7, title: 'Terns', activityAt: 1, mentions, mentionAt });
  const chip = (now: readonly TimelineRow[], seen: readonly number[] = [], counted = of) => (
    <MentionChip entry={counted} rows={now} timeline={timeline} seen={new Set(seen)} onGoTo={onGoTo} />
  );
  const view = renderInPage(chip(rows));
  const button = (label: string) => view.queryByRole('button', { name: label });
  const press = (label: string) => fireEvent.click(button(label) as HTMLElement);
  return {
    fillGap,
    onGoTo,
    container: view.container,
    next: () => button(en.messages.mentionsUnread(mentions)),
    previous: () => button(en.messages.previousMention),
    pressNext: () => press(en.messages.mentionsUnread(mentions)),
    pressPrevious: () => press(en.messages.previousMention),
    change: (now: readonly TimelineRow[]) => view.rerender(chip(now)),
    see: (seen: readonly number[]) => view.rerender(chip(rows, seen)),
    read: (seen: readonly number[]) => view.rerender(chip(rows, seen, { ...of, mentions: 0, mentionAt: null })),
    chipOf: () => view.container.querySelector('.mention .num')?.textContent ?? null,
    went: () => onGoTo.mock.calls.flat(),
  };
}

test('the mention buttons are absent without unread mentions', () => {
  expect(open(0, null, [row(1, true)]).container.innerHTML).toBe('');
  expect(open(0, 1, [row(1, true)]).container.innerHTML).toBe('');
  expect(open(1, null, [row(1, true)]).container.innerHTML).toBe('');
});

test('the mention buttons lead from one mention to the next and back', () => {
  const { next, previous, pressNext, pressPrevious, went } = open(2, 4, [row(3), row(4, true), row(5), row(6, true)]);
  expect([next()?.textContent, previous(), went()]).toEqual(['2', null, []]);
  pressNext();
  expect([went(), previous()]).toEqual([[4], null]);
  pressNext();
  expect([went(), next()]).toEqual([[4, 6], null]);
  pressPrevious();
  expect([went(), previous(), next()?.getAttribute('aria-busy')]).toEqual([[4, 6, 4], null, 'false']);
});

test('mentions that were visible are neither counted nor visited', () => {
  const { chipOf, see } = open(3, 4, [row(4, true), row(5), row(6, true), row(7, true)]);
  see([4]);
  expect(chipOf()).toBe('2');
  see([4, 6, 7]);
  expect(chipOf()).toBeNull();
  const other = open(2, 4, [row(4, true), row(6, true)]);
  other.see([4]);
  expect(other.chipOf()).toBe('1');
});

test('a skipped mention remains after everything is read, until it was visible', () => {
  const { chipOf, read } = open(2, 4, [row(4, true), row(5), row(6, true)]);
  read([6]);
  expect(chipOf()).toBe('1');
  read([4, 6]);
  expect(chipOf()).toBeNull();
});

test('a gap on the way is loaded until a mention is found', () => {
  const { pressNext, change, fillGap, went, next } = open(2, 4, [row(4, true), gap(), row(9)]);
  pressNext();
  expect([went(), fillGap.mock.calls]).toEqual([[4], []]);
  pressNext();
  expect([fillGap.mock.calls, next()?.getAttribute('aria-busy')]).toEqual([[['gap', 'older']], 'true']);
  change([row(4, true), gap(true), row(9)]);
  expect(fillGap).toHaveBeenCalledTimes(1);
  change([row(4, true), row(5), gap(), row(9)]);
  expect(fillGap).toHaveBeenCalledTimes(2);
  change([row(4, true), row(5), row(7, true), row(9)]);
  expect([went(), fillGap.mock.calls.length]).toEqual([[4, 7], 2]);
});

test('going back ends the search in a gap', () => {
  const { pressNext, pressPrevious, change, fillGap, went } = open(3, 4, [row(4, true), row(5, true), gap(), row(9)]);
  pressNext();
  pressNext();
  pressNext();
  expect(fillGap).toHaveBeenCalledTimes(1);
  pressPrevious();
  change([row(4, true), row(5, true), row(6), gap(), row(9)]);
  expect([went(), fillGap.mock.calls.length]).toEqual([[4, 5, 4], 1]);
});

test.each([
  [100, '100'],
  [101, '100+'],
])('%d unread mentions are shown as %s', (mentions, shown) => {
  expect(open(mentions, 4, [row(4, true)]).next()?.textContent).toBe(shown);
});
