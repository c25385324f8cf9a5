// @vitest-environment happy-dom
import type { Person } from '@everywire/chat-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { changePreferences, readPreferences } from '../look/preferences.js';
import { chatWith, renderInPage } from '../test-kit/render-in-page.js';
import { ServiceWords } from './service-words.js';

const asBefore = readPreferences();
beforeEach(() => changePreferences({ language: 'zh' }));
afterEach(() => changePreferences(asBefore));

const named = (displayName: string, id = 900): Person => ({ id, name: 'x', displayName });

test.each([
  ['林晚', '周屿', '林晚移出了周屿'],
  ['Ann', 'Bo', 'Ann 移出了 Bo'],
  ['林晚', 'Bo', '林晚移出了 Bo'],
  ['Ann', '周屿', 'Ann 移出了周屿'],
  ['2号', '第2', '2号移出了第2'],
  ['组2', '2组', '组2 移出了 2组'],
  ['نور', 'عمر', 'نور 移出了 عمر'],
  ['🐧', '🐧', '🐧移出了🐧'],
])('in Chinese, a line about %s and %s has spaces only where Han meets letters or digits', (who, other, line) => {
  const change = { change: 'removed', people: [named(other)] } as const;
  const { container } = renderInPage(<ServiceWords who={named(who)} own={false} change={change} kind="group" />);
  expect(container.textContent).toBe(line);
});

test('in Chinese, a line about the reader has no space around 你', () => {
  const { id } = chatWith().getSnapshot().me;
  const people = [named('周屿', 901), named('Bo', 902), named('Me', id)];
  const change = { change: 'created', people } as const;
  const { container } = renderInPage(<ServiceWords who={named('林晚')} own={false} change={change} kind="group" />);
  expect(container.textContent).toBe('林晚建了这个群，邀请了你等 3 人');
});
