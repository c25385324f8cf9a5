import { describe, expect, it } from 'vitest';
import { ReadCursors } from './read-cursors.js';

const read = (sequence: number) => ({ command: 'read', conversation: 7, sequence }) as const;
const delivered = (sequence: number) => ({ command: 'delivered', conversation: 7, sequence }) as const;

describe('ReadCursors', () => {
  it('only the furthest cursor is sent, once', () => {
    const book = new ReadCursors();
    book.wantRead(7, 3);
    book.wantRead(7, 9);
    book.wantRead(7, 4);
    expect([book.due, book.takeDue(8), book.takeDue(8), book.due, book.readUpTo(7)]).toEqual([
      true,
      [read(9)],
      [],
      false,
      9,
    ]);
  });

  it('a delivery cursor is not sent if a read cursor covers it', () => {
    const book = new ReadCursors();
    book.wantDelivered(7, 5);
    book.wantRead(7, 5);
    expect(book.takeDue(8)).toEqual([read(5)]);
    book.wantDelivered(7, 6);
    expect(book.takeDue(8)).toEqual([delivered(6)]);
  });

  it('the number of delivery cursors sent at a time is limited', () => {
    const book = new ReadCursors();
    for (const conversation of [1, 2, 3]) book.wantDelivered(conversation, 5);
    const takeTwo = (): readonly number[] => book.takeDue(2).map((command) => command.conversation);
    expect([takeTwo(), book.due, takeTwo(), book.due]).toEqual([[1, 2], true, [3], false]);
  });

  it('a failed cursor is sent again', () => {
    const book = new ReadCursors();
    book.wantRead(7, 5);
    book.takeDue(8);
    book.fail(read(5));
    expect(book.takeDue(8)).toEqual([read(5)]);
    book.failAll();
    expect(book.takeDue(8)).toEqual([read(5)]);
  });

  it('cursors that the server knows, or of another history, are forgotten', () => {
    const book = new ReadCursors();
    book.wantRead(7, 5);
    book.confirmRead(7, 4);
    expect(book.readUpTo(7)).toBe(5);
    book.confirmRead(7, 5);
    expect([book.readUpTo(7), book.takeDue(8)]).toEqual([0, []]);
    book.wantRead(7, 6);
    book.forget(7);
    expect(book.takeDue(8)).toEqual([]);
    book.wantDelivered(7, 6);
    book.forgetAll();
    expect(book.due).toBe(false);
  });
});
