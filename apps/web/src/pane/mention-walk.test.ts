import type { TimelineRow } from '@everywire/chat-client';
import { describe, expect, test } from 'vitest';
import { nextMention, previousMention } from './mention-walk.js';

const row = (sequence: number, mentionsMe = false) =>
  ({ type: 'message', key: `m${sequence}`, sequence, mentionsMe }) as Partial<TimelineRow> as TimelineRow;
const gap: TimelineRow = { type: 'gap', key: 'gap', loading: false };
const seen: ReadonlySet<number> = new Set();

describe('stepping through mentions', () => {
  test('the walk starts at the first mention, even if it is not loaded', () => {
    const walk = { rows: [row(90)], first: 4, count: 2, visited: 0, seen };
    expect(nextMention(walk)).toEqual({ at: 'message', sequence: 4 });
    expect(previousMention(walk)).toBeNull();
  });

  test('the walk looks into a gap before it passes it, unless all mentions are accounted for', () => {
    const rows = [row(3, true), row(4, true), gap, row(8), row(9, true)];
    expect(nextMention({ rows, first: 4, count: 3, visited: 4, seen })).toEqual({
      at: 'gap',
      key: 'gap',
      loading: false,
    });
    expect(nextMention({ rows, first: 4, count: 1, visited: 4, seen })).toBeNull();
    const filled = [row(3, true), row(4, true), row(6, true), row(8), row(9, true)];
    expect(nextMention({ rows: filled, first: 4, count: 3, visited: 4, seen })).toEqual({ at: 'message', sequence: 6 });
    expect(nextMention({ rows: filled, first: 4, count: 3, visited: 6, seen })).toEqual({ at: 'message', sequence: 9 });
    expect(nextMention({ rows: filled, first: 4, count: 3, visited: 9, seen })).toBeNull();
  });

  test('the walk goes back to the first mention', () => {
    const rows = [row(3, true), row(4, true), row(6, true), row(9, true)];
    expect(previousMention({ rows, first: 4, count: 3, visited: 9, seen })).toEqual({ at: 'message', sequence: 6 });
    expect(previousMention({ rows, first: 4, count: 3, visited: 4, seen })).toBeNull();
  });
});
