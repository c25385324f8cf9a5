import { describe, expect, it } from 'vitest';
import { Drafts } from './drafts.js';

// Tests `Drafts`, the unsent texts of the composer, which all devices of a user share. A draft has a revision; a text
// that was typed on an older revision (its base) does not overwrite a newer draft.

const draft = (text: string, revision: number) => ({ text, revision });
const command = (text: string, base: number) => ({ command: 'draft', conversation: 7, text, base }) as const;
const empty = draft('', 0);
const accepted = (text: string, revision: number) => ({ accepted: true, draft: draft(text, revision) });
const refused = (text: string, revision: number) => ({ accepted: false, draft: draft(text, revision) });

const send = (text: string) => ({ command: 'send', id: 'mine', conversation: 7, text }) as const;

/** Returns the revision of the draft that a sent message names; `undefined` for none. */
function baseOf(drafts: Drafts, text: string, on: typeof empty): number | undefined {
  const named = drafts.named(send(text), () => on);
  return named.command === 'send' ? named.draft : undefined;
}

/** Returns `Drafts` whose text was typed on the draft `on` and has been sent to the server. */
function draftsWith(text: string, on = empty): Drafts {
  const drafts = new Drafts();
  drafts.set(7, text, on);
  expect(drafts.takeDue(() => on)).toEqual([command(text, on.revision)]);
  return drafts;
}

describe('Drafts', () => {
  it('typed text is shown before the server knows it, and is sent on its base', () => {
    const drafts = new Drafts();
    drafts.set(7, 'hel', draft('', 3));
    expect([drafts.text(7, empty), drafts.due]).toEqual(['hel', true]);
    expect(drafts.takeDue(() => draft('theirs', 4))).toEqual([command('hel', 3)]);
    expect([drafts.takeDue(() => draft('', 3)), drafts.due]).toEqual([[], false]);
  });

  it('the local draft is shown until the entry contains it', () => {
    const drafts = draftsWith('hel');
    drafts.answered(command('hel', 0), accepted('hel', 1));
    drafts.see(7, empty);
    expect(drafts.text(7, empty)).toBe('hel');
    drafts.see(7, draft('hel', 1));
    expect(drafts.text(7, draft('from elsewhere', 2))).toBe('from elsewhere');
  });

  it('a draft of another device is not overwritten until the user types here', () => {
    const drafts = draftsWith('mine');
    drafts.answered(command('mine', 0), refused('theirs', 5));
    expect([drafts.due, drafts.text(7, empty), baseOf(drafts, 'mine', draft('theirs', 5))]).toEqual([false, 'mine', 0]);
    drafts.set(7, 'mine', draft('theirs', 5));
    expect(drafts.due).toBe(false);
    drafts.set(7, 'mine, more', draft('theirs', 5));
    expect(drafts.takeDue(() => empty)).toEqual([command('mine, more', 5)]);
  });

  it('a draft is sent again if the conflicting draft was cleared by sending', () => {
    const drafts = draftsWith('next', draft('sent', 4));
    drafts.answered(command('next', 4), refused('', 5));
    expect(drafts.takeDue(() => draft('sent', 4))).toEqual([command('next', 5)]);
  });

  it('a draft is empty as soon as its text enters the outbox', () => {
    const drafts = new Drafts();
    drafts.enqueued({ ...send('hello'), draft: 2 });
    drafts.set(7, '', draft('hello', 2));
    drafts.see(7, draft('hello', 2));
    expect([drafts.text(7, draft('hello', 2)), drafts.due]).toEqual(['', false]);
    drafts.see(7, draft('', 3));
    expect(drafts.text(7, draft('later', 4))).toBe('later');
  });

  it('the newer draft of another device is shown once the own one entered the outbox', () => {
    const drafts = new Drafts();
    drafts.enqueued({ ...send('hello'), draft: 2 });
    drafts.see(7, draft('newer', 3));
    expect(drafts.text(7, draft('newer', 3))).toBe('newer');
  });

  it('a send names the draft that its text came from: its base, or the one sent as shown', () => {
    const drafts = new Drafts();
    expect(baseOf(drafts, 'hello', draft(' hello\n', 3))).toBe(3);
    expect(baseOf(drafts, 'hello', draft('another’s', 3))).toBe(2);
    expect(baseOf(drafts, 'hello', draft('', 3))).toBe(3);
    drafts.set(7, 'hello', draft('hel', 3));
    expect(baseOf(drafts, 'hello', draft('another’s', 9))).toBe(3);
  });

  it.each([
    ['its answer', (drafts: Drafts) => drafts.answered(command('hel', 0), accepted('hel', 1))],
    ['an entry', (drafts: Drafts) => drafts.see(7, draft('hel', 1))],
  ])('a draft in flight when its text was sent is cleared once %s shows that it arrived', (_, arrive) => {
    const drafts = draftsWith('hel');
    drafts.enqueued(drafts.named(send('hello'), () => empty));
    arrive(drafts);
    drafts.failAll();
    expect(drafts.takeDue(() => draft('hel', 1))).toEqual([command('', 1)]);
    drafts.answered(command('', 1), accepted('', 2));
    expect(drafts.due).toBe(false);
  });

  it('a draft is kept if it is unknown whether the own one arrived before the send', () => {
    const drafts = draftsWith('hel');
    drafts.failAll();
    drafts.enqueued({ ...send('hello'), draft: 0 });
    expect(drafts.takeDue(() => draft('theirs', 1))).toEqual([command('', 0)]);
    drafts.answered(command('', 0), refused('theirs', 1));
    drafts.see(7, draft('theirs', 1));
    expect([drafts.due, drafts.text(7, draft('theirs', 1))]).toEqual([false, 'theirs']);
  });

  it('an own draft whose answer was lost is overwritten by further typing', () => {
    const drafts = draftsWith('hel');
    drafts.failAll();
    drafts.set(7, 'hello', empty);
    expect(drafts.takeDue(() => empty)).toEqual([command('hello', 0)]);
    drafts.answered(command('hello', 0), refused('hel', 1));
    expect(drafts.takeDue(() => empty)).toEqual([command('hello', 1)]);
  });

  it('drafts are sent one at a time, retried after a failure, and keep what was typed meanwhile', () => {
    const drafts = new Drafts();
    drafts.set(7, 'a', empty);
    const [first] = drafts.takeDue(() => empty);
    if (first !== undefined) drafts.fail(first, true);
    expect(drafts.takeDue(() => empty)).toEqual([command('a', 0)]);
    drafts.failAll();
    expect(drafts.due).toBe(true);
    drafts.takeDue(() => empty);
    drafts.set(7, 'ab', empty);
    expect(drafts.takeDue(() => empty)).toEqual([]);
    drafts.answered(command('a', 0), accepted('a', 1));
    expect(drafts.takeDue(() => empty)).toEqual([command('ab', 1)]);
    expect(new Drafts().takeDue(() => null)).toEqual([]);
  });

  it('a draft that the server refuses is kept and not sent again', () => {
    const drafts = new Drafts();
    drafts.set(7, 'too long', empty);
    const [only] = drafts.takeDue(() => empty);
    if (only !== undefined) drafts.fail(only, false);
    expect([drafts.due, drafts.text(7, empty)]).toEqual([false, 'too long']);
    drafts.set(7, 'short', empty);
    expect(drafts.takeDue(() => empty)).toEqual([command('short', 0)]);
  });

  it('[CH-25.4] under another history, the text of a composer is kept and based on the draft there', () => {
    const drafts = new Drafts();
    drafts.set(7, 'half', draft('', 9));
    drafts.forgetRevisions();
    drafts.see(7, draft('old', 2));
    expect(drafts.takeDue(() => draft('old', 2))).toEqual([command('half', 2)]);
  });
});
