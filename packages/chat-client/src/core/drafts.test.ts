import { describe, expect, it } from 'vitest';
import { Drafts } from './drafts.js';

const draft = (text: string, revision: number) => ({ text, revision });
const command = (text: string, base: number) => ({ command: 'draft', conversation: 7, text, base }) as const;
const empty = draft('', 0);
const accepted = (text: string, revision: number) => ({ accepted: true, draft: draft(text, revision) });
const refused = (text: string, revision: number) => ({ accepted: false, draft: draft(text, revision) });

const send = (text: string) => ({ command: 'send', id: 'mine', conversation: 7, text }) as const;
/** Returns the revision that a send names. */
function baseOf(book: Drafts, text: string, on: typeof empty): number | undefined {
  const named = book.named(send(text), () => on);
  return named.command === 'send' ? named.draft : undefined;
}

/** Returns a book with text typed on the entry's draft, and sent. */
function told(text: string, on = empty): Drafts {
  const book = new Drafts();
  book.set(7, text, on);
  expect(book.takeDue(() => on)).toEqual([command(text, on.revision)]);
  return book;
}

describe('Drafts', () => {
  it('typed text is shown before the server knows it, and is sent on its base', () => {
    const book = new Drafts();
    book.set(7, 'hel', draft('', 3));
    expect([book.text(7, empty), book.due]).toEqual(['hel', true]);
    expect(book.takeDue(() => draft('theirs', 4))).toEqual([command('hel', 3)]);
    expect([book.takeDue(() => draft('', 3)), book.due]).toEqual([[], false]);
  });

  it('the local draft is shown until the entry contains it', () => {
    const book = told('hel');
    book.answered(command('hel', 0), accepted('hel', 1));
    book.see(7, empty);
    expect(book.text(7, empty)).toBe('hel');
    book.see(7, draft('hel', 1));
    expect(book.text(7, draft('from elsewhere', 2))).toBe('from elsewhere');
  });

  it('a draft of another device is not overwritten until the user types here', () => {
    const book = told('mine');
    book.answered(command('mine', 0), refused('theirs', 5));
    expect([book.due, book.text(7, empty), baseOf(book, 'mine', draft('theirs', 5))]).toEqual([false, 'mine', 0]);
    book.set(7, 'mine', draft('theirs', 5));
    expect(book.due).toBe(false);
    book.set(7, 'mine, more', draft('theirs', 5));
    expect(book.takeDue(() => empty)).toEqual([command('mine, more', 5)]);
  });

  it('a draft is sent again if the conflicting draft was cleared by sending', () => {
    const book = told('next', draft('sent', 4));
    book.answered(command('next', 4), refused('', 5));
    expect(book.takeDue(() => draft('sent', 4))).toEqual([command('next', 5)]);
  });

  it('a draft is empty as soon as its text enters the outbox', () => {
    const book = new Drafts();
    book.enqueued({ ...send('hello'), draft: 2 });
    book.set(7, '', draft('hello', 2));
    book.see(7, draft('hello', 2));
    expect([book.text(7, draft('hello', 2)), book.due]).toEqual(['', false]);
    book.see(7, draft('', 3));
    expect(book.text(7, draft('later', 4))).toBe('later');
  });

  it('the newer draft of another device is shown once the own one entered the outbox', () => {
    const book = new Drafts();
    book.enqueued({ ...send('hello'), draft: 2 });
    book.see(7, draft('newer', 3));
    expect(book.text(7, draft('newer', 3))).toBe('newer');
  });

  it('a send names the draft that its text came from: its base, or the one sent as shown', () => {
    const book = new Drafts();
    expect(baseOf(book, 'hello', draft(' hello\n', 3))).toBe(3);
    expect(baseOf(book, 'hello', draft('another’s', 3))).toBe(2);
    expect(baseOf(book, 'hello', draft('', 3))).toBe(3);
    book.set(7, 'hello', draft('hel', 3));
    expect(baseOf(book, 'hello', draft('another’s', 9))).toBe(3);
  });

  it.each([
    ['its answer', (book: Drafts) => book.answered(command('hel', 0), accepted('hel', 1))],
    ['an entry', (book: Drafts) => book.see(7, draft('hel', 1))],
  ])('a draft in flight when its text was sent is cleared once %s shows that it arrived', (_, arrive) => {
    const book = told('hel');
    book.enqueued(book.named(send('hello'), () => empty));
    arrive(book);
    book.failAll();
    expect(book.takeDue(() => draft('hel', 1))).toEqual([command('', 1)]);
    book.answered(command('', 1), accepted('', 2));
    expect(book.due).toBe(false);
  });

  it('a draft is kept if it is unknown whether the own one arrived before the send', () => {
    const book = told('hel');
    book.failAll();
    book.enqueued({ ...send('hello'), draft: 0 });
    expect(book.takeDue(() => draft('theirs', 1))).toEqual([command('', 0)]);
    book.answered(command('', 0), refused('theirs', 1));
    book.see(7, draft('theirs', 1));
    expect([book.due, book.text(7, draft('theirs', 1))]).toEqual([false, 'theirs']);
  });

  it('an own draft whose answer was lost is overwritten by further typing', () => {
    const book = told('hel');
    book.failAll();
    book.set(7, 'hello', empty);
    expect(book.takeDue(() => empty)).toEqual([command('hello', 0)]);
    book.answered(command('hello', 0), refused('hel', 1));
    expect(book.takeDue(() => empty)).toEqual([command('hello', 1)]);
  });

  it('drafts are sent one at a time, retried after a failure, and keep what was typed meanwhile', () => {
    const book = new Drafts();
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
    expect(new Drafts().takeDue(() => null)).toEqual([]);
  });

  it('a draft that the server refuses is kept and not sent again', () => {
    const book = new Drafts();
    book.set(7, 'too long', empty);
    const [only] = book.takeDue(() => empty);
    if (only !== undefined) book.fail(only, false);
    expect([book.due, book.text(7, empty)]).toEqual([false, 'too long']);
    book.set(7, 'short', empty);
    expect(book.takeDue(() => empty)).toEqual([command('short', 0)]);
  });

  it('[CH-25.4] under another history, the text of a composer is kept and based on the draft there', () => {
    const book = new Drafts();
    book.set(7, 'half', draft('', 9));
    book.forgetRevisions();
    book.see(7, draft('old', 2));
    expect(book.takeDue(() => draft('old', 2))).toEqual([command('half', 2)]);
  });
});
