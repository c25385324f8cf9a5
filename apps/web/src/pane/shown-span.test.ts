import type { TimelineRow } from '@everywire/chat-client';
import { expect, test } from 'vitest';
import { shownSpan } from './shown-span.js';

/** Rows as `1 2 | 7 8`: messages by sequence, a gap, and an unsent message as `-`. */
const rows = (text: string): readonly TimelineRow[] =>
  text.split(' ').map((word, at) => {
    if (word === '|') return { type: 'gap', key: `gap ${at}`, loading: false };
    const sequence = word === '-' ? null : Number(word);
    return { type: 'message', key: `m ${word}`, sequence } as TimelineRow;
  });

const shown = (text: string, within: number | null): string => {
  const { rows: span, gapAbove, gapBelow } = shownSpan(rows(text), within);
  const words = span.map((row) => (row.type === 'gap' ? '|' : row.key.slice(2))).join(' ');
  return `${gapAbove ? '<' : ''}${words}${gapBelow ? '>' : ''}`;
};

test.each([
  ['1 2 3', null, '1 2 3'],
  ['1 2 | 7 8 -', null, '<7 8 -'],
  ['1 2 | 7 8 -', 8, '<7 8 -'],
  ['1 2 | 7 8 -', 1, '1 2 |>'],
  ['1 2 | 7 8 | 20', 7, '<7 8 |>'],
  ['1 2 | 7 8 | 20', 5, '<7 8 |>'],
  ['1 2 | 7 8', 99, '<7 8'],
  ['1 2 3 7 8', 2, '1 2 3 7 8'],
])('of %s with the reader at %s the list shows %s', (text, within, expected) => {
  expect(shown(text, within)).toBe(expected);
});
