import { describe, expect, it } from 'vitest';
import { ReadCursors } from './read-cursors.js';

// Tests `ReadCursors`, the read and delivery positions that a client still has to send. `takeDue(n)` returns at most
// `n` of them.

const read = (sequence: number) => ({ command: 'read', conversation: 7, sequence }) as const;
const delivered = (sequence: number) => ({ command: 'delivered', conversation: 7, sequence }) as const;

describe('ReadCursors', () => {
  it('only the furthest cursor is sent, once', () => {
    const cursors = new ReadCursors();
    cursors.wantRead(7, 3);
    cursors.wantRead(7, 9);
    cursors.wantRead(7, 4);
    expect([cursors.due, cursors.takeDue(8), cursors.takeDue(8), cursors.due, cursors.readUpTo(7)]).toEqual([
      true,
      [read(9)],
      [],
      false,
      9,
    ]);
  });

  it('a delivery cursor is not sent if a read cursor covers it', () => {
    const cursors = new ReadCursors();
    cursors.wantDelivered(7, 5);
    cursors.wantRead(7, 5);
    expect(cursors.takeDue(8)).toEqual([read(5)]);
    cursors.wantDelivered(7, 6);
    expect(cursors.takeDue(8)).toEqual([delivered(6)]);
  });

  it('the number of delivery cursors sent at a time is limited', () => {
    const cursors = new ReadCursors();
    for (const conversation of [1, 2, 3]) cursors.wantDelivered(conversation, 5);
    const takeTwo = (): readonly number[] => cursors.takeDue(2).map((command) => command.conversation);
    expect([takeTwo(), cursors.due, takeTwo(), cursors.due]).toEqual([[1, 2], true, [3], false]);
  });

  it('a failed cursor is sent again', () => {
    const cursors = new ReadCursors();
    cursors.wantRead(7, 5);
    cursors.takeDue(8);
    cursors.fail(read(5));
    expect(cursors.takeDue(8)).toEqual([read(5)]);
    cursors.failAll();
    expect(cursors.takeDue(8)).toEqual([read(5)]);
  });

  it('cursors that the server knows, or of another history, are forgotten', () => {
    const cursors = new ReadCursors();
    cursors.wantRead(7, 5);
    cursors.confirmRead(7, 4);
    expect(cursors.readUpTo(7)).toBe(5);
    cursors.confirmRead(7, 5);
    expect([cursors.readUpTo(7), cursors.takeDue(8)]).toEqual([0, []]);
    cursors.wantRead(7, 6);
    cursors.forget(7);
    expect(cursors.takeDue(8)).toEqual([]);
    cursors.wantDelivered(7, 6);
    cursors.forgetAll();
    expect(cursors.due).toBe(false);
  });
});
