import { describe, expect, it } from 'vitest';
import { CursorBook } from './cursor-book.js';

const read = (sequence: number) => ({ command: 'read', conversation: 7, sequence }) as const;
const delivered = (sequence: number) => ({ command: 'delivered', conversation: 7, sequence }) as const;

describe('CursorBook', () => {
  it('tells only the furthest, once', () => {
    const book = new CursorBook();
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

  it('says nothing of delivery where reading says as much', () => {
    const book = new CursorBook();
    book.wantDelivered(7, 5);
    book.wantRead(7, 5);
    expect(book.takeDue(8)).toEqual([read(5)]);
    book.wantDelivered(7, 6);
    expect(book.takeDue(8)).toEqual([delivered(6)]);
  });

  it('tells so many deliveries at a time', () => {
    const book = new CursorBook();
    for (const conversation of [1, 2, 3]) book.wantDelivered(conversation, 5);
    const takeTwo = (): readonly number[] => book.takeDue(2).map((command) => command.conversation);
    expect([takeTwo(), book.due, takeTwo(), book.due]).toEqual([[1, 2], true, [3], false]);
  });

  it('tells again what did not get through', () => {
    const book = new CursorBook();
    book.wantRead(7, 5);
    book.takeDue(8);
    book.fail(read(5));
    expect(book.takeDue(8)).toEqual([read(5)]);
    book.failAll();
    expect(book.takeDue(8)).toEqual([read(5)]);
  });

  it('lets go of what the server knows, and of another history', () => {
    const book = new CursorBook();
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
