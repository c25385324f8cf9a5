// @vitest-environment happy-dom
import type { TimelineRow } from '@everywire/chat-client';
import { expect, test } from 'vitest';
import { chenMo, linWan, me, message } from '../../fixtures/cast.js';
import { en } from '../i18n/en.js';
import { renderInPage } from '../test-kit/render-in-page.js';
import { Announcer } from './announcer.js';

const theirs = (sequence: number, text: string) => message(sequence, linWan, 1, text);
const picture = { id: 'a', name: 'a.png', kind: 'image', type: 'image/png', size: 1 } as const;

/** Renders the announcer. `said` returns the announcements, and `hear` shows further rows. */
function listen(rows: readonly TimelineRow[], loading = false) {
  const { container, rerender } = renderInPage(<Announcer rows={rows} loading={loading} />);
  const said = () => [...container.querySelectorAll('p')].map((one) => one.textContent);
  return {
    said,
    hear: (next: readonly TimelineRow[], nowLoading = false) => {
      rerender(<Announcer rows={next} loading={nowLoading} />);
      return said();
    },
  };
}

const words = (text: string, name = linWan.displayName) => en.announced(name, text);
const first = theirs(1, 'first');

test('history is not announced, even if it loads after the pane was opened', () => {
  expect(listen([first, theirs(2, 'second')]).said()).toEqual([]);
  const { hear } = listen([]);
  expect(hear([first])).toEqual([]);
  expect(hear([theirs(0, 'older'), first])).toEqual([]);
  expect(hear([theirs(0, 'older'), first, theirs(2, 'second')], true)).toEqual([]);
});

test('messages of others are announced once, without Markdown, with the names of their files', () => {
  const { hear } = listen([first]);
  const second = theirs(2, '**bold** `code`');
  expect(hear([first, second])).toEqual([words('bold code')]);
  expect(hear([first, second])).toEqual([words('bold code')]);
  const third = { ...theirs(3, 'look'), files: [picture] };
  const fourth = { ...message(4, chenMo, 1, ''), files: [picture] };
  expect(hear([first, second, third, fourth])).toEqual([
    words('bold code'),
    words('look, a.png'),
    words('a.png', chenMo.displayName),
  ]);
});

test('own and service messages are not announced, messages after them are', () => {
  const { hear } = listen([first]);
  const own = message(2, me, 1, 'mine');
  const gap: TimelineRow = { type: 'gap', key: 'gap', loading: false };
  expect(hear([first, own])).toEqual([]);
  expect(hear([first, own, gap, theirs(9, 'later')])).toEqual([words('later')]);
});

test('the last three announcements are kept', () => {
  const { hear } = listen([first]);
  const more = [2, 3, 4, 5].map((sequence) => theirs(sequence, `${sequence}`));
  expect(hear([first, ...more.slice(0, 1)])).toEqual([words('2')]);
  expect(hear([first, ...more])).toEqual([words('3'), words('4'), words('5')]);
});

test('an edited or deleted message is not announced, and nothing is when the last row is gone', () => {
  const { hear } = listen([first, theirs(2, 'second')]);
  expect(hear([first, theirs(2, 'edited')])).toEqual([]);
  expect(hear([first])).toEqual([]);
  expect(hear([first, theirs(3, 'third')])).toEqual([words('third')]);
  expect(hear([theirs(8, 'eighth'), theirs(9, 'ninth')])).toEqual([words('third')]);
});
