// @vitest-environment happy-dom
import type { Person } from '@everywire/chat-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { changePreferences, readPreferences } from '../design/preferences.js';
import { chatWith, renderInPage } from '../test-kit/render-in-page.js';
import { ServiceWords } from './service-words.js';

const asBefore = readPreferences();
beforeEach(() => changePreferences({ language: 'zh' }));
afterEach(() => changePreferences(asBefore));

const named = (displayName: string, id = 900): Person => ({ id, name: 'x', displayName });

test.each([
  ['林晚', '周屿', '林晚将周屿移出'],
  ['Ann', 'Bo', 'Ann 将 Bo 移出'],
  ['林晚', 'Bo', '林晚将 Bo 移出'],
  ['Ann', '周屿', 'Ann 将周屿移出'],
  ['2号', '第2', '2号将第2 移出'],
  ['组2', '2组', '组2 将 2组移出'],
  ['نور', 'عمر', 'نور 将 عمر 移出'],
  ['🐧', '🐧', '🐧将🐧移出'],
])('in Chinese, a line about %s and %s has spaces only where Han meets letters or digits', (who, other, line) => {
  const change = { change: 'removed', people: [named(other)] } as const;
  const { container } = renderInPage(<ServiceWords who={named(who)} own={false} change={change} kind="group" />);
  expect(container.textContent).toBe(line);
});

test('in Chinese, a line about the user has no space around 你', () => {
  const { id } = chatWith().getSnapshot().me;
  const people = [named('周屿', 901), named('Bo', 902), named('Me', id)];
  const change = { change: 'created', people } as const;
  const { container } = renderInPage(<ServiceWords who={named('林晚')} own={false} change={change} kind="group" />);
  expect(container.textContent).toBe('林晚创建了群聊，添加了你等 3 人');
});

test.each([
  ['zh', 'added', '林晚添加了甲等 50 人'],
  ['zh', 'removed', '林晚将甲等 50 人移出'],
  ['zh', 'created', '林晚创建了群聊，添加了甲等 50 人'],
  ['en', 'added', '林晚 added 甲 and 49 others'],
  ['en', 'removed', '林晚 removed 甲 and 49 others'],
  ['en', 'created', '林晚 created the group with 甲 and 49 others'],
] as const)('in %s, a line about 50 people who were %s names one and counts the others', (language, what, line) => {
  changePreferences({ language });
  const people = Array.from({ length: 50 }, (_, at) => named('甲', 1_000 + at));
  const change = { change: what, people } as const;
  const { container } = renderInPage(<ServiceWords who={named('林晚')} own={false} change={change} kind="group" />);
  expect(container.textContent).toBe(line);
});

test('a line about two people names both', () => {
  const change = { change: 'added', people: [named('甲', 1_000), named('乙', 1_001)] } as const;
  const { container } = renderInPage(<ServiceWords who={named('林晚')} own={false} change={change} kind="group" />);
  expect(container.textContent).toBe('林晚添加了甲和乙');
});
