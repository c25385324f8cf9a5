import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSearch } from '@everywire/chat';
import { describe, expect, test } from 'vitest';
import { en } from '../../apps/web/src/i18n/en.js';
import { zh } from '../../apps/web/src/i18n/zh.js';
import { notificationWordsOf } from '../../apps/web/src/notifications/notification-catalogues.js';

/* The guide for users of the chat has no examples to run. It names labels of the page and words of the search language, which must exist. */

const read = (name: string): string => readFileSync(join(import.meta.dirname, '../../docs/guides', name), 'utf8');
const english = read('using-the-chat.md');
const chinese = read('using-the-chat.zh.md');

/** Returns all texts of a catalogue of the interface. */
function words(catalogue: object): readonly string[] {
  return Object.values(catalogue).flatMap((value: unknown) => {
    if (typeof value === 'string') return [value];
    return typeof value === 'object' && value !== null ? words(value) : [];
  });
}

describe.each([
  ['English', english, { ...en, notifications: notificationWordsOf('en') }],
  ['Chinese', chinese, { ...zh, notifications: notificationWordsOf('zh') }],
] as const)('in %s', (_language, guide, catalogue) => {
  test('the guide uses the button labels of the page', () => {
    const pressed = [...guide.matchAll(/\*\*([^*]+)\*\*/g)].map(([, word]) => word);
    expect(pressed).not.toEqual([]);
    for (const word of pressed) expect(words(catalogue)).toContain(word);
  });

  test('each search filter in the guide is valid', () => {
    const narrowing = [...guide.matchAll(/`([^`\s]+[:：][^`\s]+)`/g)].map(([, word = '']) => word);
    expect(narrowing).toHaveLength(10);
    for (const word of narrowing)
      expect([word, parseSearch(word, 0)]).toMatchObject([word, { outcome: 'search', query: { terms: [] } }]);
  });
});

test('the guides in both languages have the same sections and table rows', () => {
  const shape = (guide: string) => guide.split('\n').flatMap((line) => /^(#+ |\|)/.exec(line)?.[1] ?? []);
  expect(shape(chinese)).toEqual(shape(english));
});
