import { describe, expect, it } from 'vitest';
import { coreLimits } from './core-limits.js';
import { TypingTable } from './typing-table.js';

// Tests `TypingTable`: the users who are typing, by conversation. Times are in milliseconds.

const typing = (user: number, on = true) => ({ event: 'typing', conversation: 7, user, typing: on }) as const;

describe('TypingTable', () => {
  it('[CM-11.3] a typing notice expires after six seconds unless repeated', () => {
    const table = new TypingTable(coreLimits);
    expect([table.apply(typing(2), 0), table.users(7), table.nextEndAt]).toEqual([true, [2], 6_000]);
    expect(table.apply(typing(2), 3_000)).toBe(false);
    expect([table.expire(8_999), table.users(7)]).toEqual([[], [2]]);
    expect([table.expire(9_000), table.users(7), table.nextEndAt]).toEqual([[7], [], null]);
  });

  it('[CM-11.3] a typing notice ends by its event, or when the typed message arrives', () => {
    const table = new TypingTable(coreLimits);
    table.apply(typing(2), 0);
    table.apply(typing(3), 0);
    expect([table.apply(typing(2, false), 1), table.apply(typing(2, false), 1)]).toEqual([true, false]);
    expect([table.stop(7, 3), table.stop(7, 3), table.users(7)]).toEqual([true, false, []]);
  });

  it('the number of shown typing notices is limited', () => {
    const table = new TypingTable({ ...coreLimits, typingUsersMax: 2 });
    for (const user of [2, 3, 4]) table.apply(typing(user), 0);
    expect([table.users(7), table.apply(typing(4), 0)]).toEqual([[2, 3], false]);
    // A full table renews known notices, and accepts another once one has expired.
    table.apply(typing(3), 4_000);
    expect([table.expire(6_000), table.users(7), table.nextEndAt]).toEqual([[7], [3], 10_000]);
    expect([table.apply(typing(4), 6_000), table.users(7)]).toEqual([true, [3, 4]]);
  });

  it('typing notices of conversations are separate', () => {
    const table = new TypingTable(coreLimits);
    table.apply(typing(2), 0);
    table.apply({ ...typing(2), conversation: 8 }, 1_000);
    expect([table.nextEndAt, table.expire(6_000), table.users(7), table.users(8)]).toEqual([6_000, [7], [], [2]]);
  });
});
