import { describe, expect, it } from 'vitest';
import { DraftBook } from './draft-book.js';

const draft = (text: string, revision: number) => ({ text, revision });
const command = (text: string, base: number) => ({ command: 'draft', conversation: 7, text, base }) as const;
const empty = draft('', 0);

describe('DraftBook', () => {
  it('shows what is typed here before the server knows it, and tells it on the base that the entry has', () => {
    const book = new DraftBook();
    book.set(7, 'hel');
    expect([book.text(7, empty), book.due]).toEqual(['hel', true]);
    expect(book.takeDue(() => draft('', 3))).toEqual([command('hel', 3)]);
    expect([book.takeDue(() => draft('', 3)), book.due]).toEqual([[], false]);
  });

  it('shows its own until the entry has caught up', () => {
    const book = new DraftBook();
    book.set(7, 'hel');
    book.takeDue(() => empty);
    book.answered(command('hel', 0), { accepted: true, draft: draft('hel', 1) });
    book.see(7, empty);
    expect(book.text(7, empty)).toBe('hel');
    book.see(7, draft('hel', 1));
    expect(book.text(7, draft('from elsewhere', 2))).toBe('from elsewhere');
  });

  it('overwrites nothing of another device until one types on', () => {
    const book = new DraftBook();
    book.set(7, 'mine');
    book.takeDue(() => empty);
    book.answered(command('mine', 0), { accepted: false, draft: draft('theirs', 5) });
    expect([book.due, book.text(7, empty)]).toEqual([false, 'mine']);
    book.set(7, 'mine, more');
    expect(book.takeDue(() => empty)).toEqual([command('mine, more', 5)]);
  });

  it('tells again where the other draft was cleared by sending', () => {
    const book = new DraftBook();
    book.set(7, 'next');
    book.takeDue(() => draft('sent', 4));
    book.answered(command('next', 4), { accepted: false, draft: draft('', 5) });
    expect(book.takeDue(() => draft('sent', 4))).toEqual([command('next', 5)]);
  });

  it('is empty as soon as its text is handed to the outbox', () => {
    const book = new DraftBook();
    book.sent(7, draft('hello', 2));
    book.see(7, draft('hello', 2));
    expect([book.text(7, draft('hello', 2)), book.due]).toEqual(['', false]);
    book.see(7, draft('', 3));
    expect(book.text(7, draft('later', 4))).toBe('later');
  });

  it('tells again what did not get through, and keeps what was typed meanwhile', () => {
    const book = new DraftBook();
    book.set(7, 'a');
    book.takeDue(() => empty);
    book.fail(command('a', 0));
    expect(book.takeDue(() => empty)).toEqual([command('a', 0)]);
    book.failAll();
    expect(book.due).toBe(true);
    book.takeDue(() => empty);
    book.set(7, 'ab');
    book.answered(command('a', 0), { accepted: true, draft: draft('a', 1) });
    expect(book.takeDue(() => empty)).toEqual([command('ab', 1)]);
    expect(new DraftBook().takeDue(() => null)).toEqual([]);
  });
});
