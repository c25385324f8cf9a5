import { describe, expect, it } from 'vitest';
import { DraftBook } from './draft-book.js';

const draft = (text: string, revision: number) => ({ text, revision });
const command = (text: string, base: number) => ({ command: 'draft', conversation: 7, text, base }) as const;
const empty = draft('', 0);
const accepted = (text: string, revision: number) => ({ accepted: true, draft: draft(text, revision) });
const refused = (text: string, revision: number) => ({ accepted: false, draft: draft(text, revision) });

const send = (text: string) => ({ command: 'send', id: 'mine', conversation: 7, text }) as const;
/** The revision that a send names. */
function baseOf(book: DraftBook, text: string, on: typeof empty): number | undefined {
  const named = book.named(send(text), () => on);
  return named.command === 'send' ? named.draft : undefined;
}

/** What was typed on the entry's draft, and told. */
function told(text: string, on = empty): DraftBook {
  const book = new DraftBook();
  book.set(7, text, on);
  expect(book.takeDue(() => on)).toEqual([command(text, on.revision)]);
  return book;
}

describe('DraftBook', () => {
  it('shows what is typed here before the server knows it, and tells it on the base that it grew from', () => {
    const book = new DraftBook();
    book.set(7, 'hel', draft('', 3));
    expect([book.text(7, empty), book.due]).toEqual(['hel', true]);
    expect(book.takeDue(() => draft('theirs', 4))).toEqual([command('hel', 3)]);
    expect([book.takeDue(() => draft('', 3)), book.due]).toEqual([[], false]);
  });

  it('shows its own until the entry has caught up', () => {
    const book = told('hel');
    book.answered(command('hel', 0), accepted('hel', 1));
    book.see(7, empty);
    expect(book.text(7, empty)).toBe('hel');
    book.see(7, draft('hel', 1));
    expect(book.text(7, draft('from elsewhere', 2))).toBe('from elsewhere');
  });

  it('overwrites nothing of another device until one types on', () => {
    const book = told('mine');
    book.answered(command('mine', 0), refused('theirs', 5));
    expect([book.due, book.text(7, empty), baseOf(book, 'mine', draft('theirs', 5))]).toEqual([false, 'mine', 0]);
    book.set(7, 'mine', draft('theirs', 5));
    expect(book.due).toBe(false);
    book.set(7, 'mine, more', draft('theirs', 5));
    expect(book.takeDue(() => empty)).toEqual([command('mine, more', 5)]);
  });

  it('tells again where the other draft was cleared by sending', () => {
    const book = told('next', draft('sent', 4));
    book.answered(command('next', 4), refused('', 5));
    expect(book.takeDue(() => draft('sent', 4))).toEqual([command('next', 5)]);
  });

  it('is empty as soon as its text is handed to the outbox', () => {
    const book = new DraftBook();
    book.enqueued({ ...send('hello'), draft: 2 });
    book.set(7, '', draft('hello', 2));
    book.see(7, draft('hello', 2));
    expect([book.text(7, draft('hello', 2)), book.due]).toEqual(['', false]);
    book.see(7, draft('', 3));
    expect(book.text(7, draft('later', 4))).toBe('later');
  });

  it('shows the newer draft of another device once its own was handed to the outbox', () => {
    const book = new DraftBook();
    book.enqueued({ ...send('hello'), draft: 2 });
    book.see(7, draft('newer', 3));
    expect(book.text(7, draft('newer', 3))).toBe('newer');
  });

  it('names the draft that a text came from: the one it grew from, or the one that is sent as it is shown', () => {
    const book = new DraftBook();
    expect(baseOf(book, 'hello', draft(' hello\n', 3))).toBe(3);
    expect(baseOf(book, 'hello', draft('another’s', 3))).toBe(2);
    expect(baseOf(book, 'hello', draft('', 3))).toBe(3);
    book.set(7, 'hello', draft('hel', 3));
    expect(baseOf(book, 'hello', draft('another’s', 9))).toBe(3);
  });

  it.each([
    ['its answer', (book: DraftBook) => book.answered(command('hel', 0), accepted('hel', 1))],
    ['an entry', (book: DraftBook) => book.see(7, draft('hel', 1))],
  ])('clears by itself what was under way when its text was sent, as %s says that it arrived', (_, arrive) => {
    const book = told('hel');
    book.enqueued(book.named(send('hello'), () => empty));
    arrive(book);
    book.failAll();
    expect(book.takeDue(() => draft('hel', 1))).toEqual([command('', 1)]);
    book.answered(command('', 1), accepted('', 2));
    expect(book.due).toBe(false);
  });

  it('leaves another’s draft where it does not know whether its own arrived before it was sent', () => {
    const book = told('hel');
    book.failAll();
    book.enqueued({ ...send('hello'), draft: 0 });
    expect(book.takeDue(() => draft('theirs', 1))).toEqual([command('', 0)]);
    book.answered(command('', 0), refused('theirs', 1));
    book.see(7, draft('theirs', 1));
    expect([book.due, book.text(7, draft('theirs', 1))]).toEqual([false, 'theirs']);
  });

  it('types on over its own draft whose answer was lost', () => {
    const book = told('hel');
    book.failAll();
    book.set(7, 'hello', empty);
    expect(book.takeDue(() => empty)).toEqual([command('hello', 0)]);
    book.answered(command('hello', 0), refused('hel', 1));
    expect(book.takeDue(() => empty)).toEqual([command('hello', 1)]);
  });

  it('tells one at a time, again what did not get through, and keeps what was typed meanwhile', () => {
    const book = new DraftBook();
    book.set(7, 'a', empty);
    const [first] = book.takeDue(() => empty);
    if (first !== undefined) book.fail(first, true);
    expect(book.takeDue(() => empty)).toEqual([command('a', 0)]);
    book.failAll();
    expect(book.due).toBe(true);
    book.takeDue(() => empty);
    book.set(7, 'ab', empty);
    expect(book.takeDue(() => empty)).toEqual([]);
    book.answered(command('a', 0), accepted('a', 1));
    expect(book.takeDue(() => empty)).toEqual([command('ab', 1)]);
    expect(new DraftBook().takeDue(() => null)).toEqual([]);
  });

  it('keeps what the server will not have, and does not tell it again', () => {
    const book = new DraftBook();
    book.set(7, 'too long', empty);
    const [only] = book.takeDue(() => empty);
    if (only !== undefined) book.fail(only, false);
    expect([book.due, book.text(7, empty)]).toEqual([false, 'too long']);
    book.set(7, 'short', empty);
    expect(book.takeDue(() => empty)).toEqual([command('short', 0)]);
  });

  it('[CH-25.4] keeps what stands in a composer under another history, on the draft that is there', () => {
    const book = new DraftBook();
    book.set(7, 'half', draft('', 9));
    book.forgetRevisions();
    book.see(7, draft('old', 2));
    expect(book.takeDue(() => draft('old', 2))).toEqual([command('half', 2)]);
  });
});
