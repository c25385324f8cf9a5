import { describe, expect, it } from 'vitest';
import { coreLimits } from './core-limits.js';
import { Drafts } from './drafts.js';
import type { KeptDraft } from './local-draft.js';

// Tests which drafts (unsent texts of the composer) are stored on the device, and what a reload restores. The base of a
// draft is the revision of the server's draft on which the text was typed.

const draft = (text: string, revision: number) => ({ text, revision });
const command = (text: string, base: number) => ({ command: 'draft', conversation: 7, text, base }) as const;
const empty = draft('', 0);

/** The storage of a device, and the `Drafts` that write to it. */
class Disk {
  readonly drafts = new Map<number, KeptDraft>();
  readonly limits = { ...coreLimits, draftsKeptMax: 3, draftUnitsKeptMax: 20 };
  current = new Drafts(this.limits);

  /** Writes the changed drafts. Returns their conversations, the last changed first. */
  write(): readonly number[] {
    return this.current.takeWrites().map((write) => {
      if (write.write === 'forget') {
        this.drafts.delete(write.conversation);
        return write.conversation;
      }
      this.drafts.set(write.draft.conversation, write.draft);
      return write.draft.conversation;
    });
  }

  /** Writes, then starts again from the storage. */
  reload(): Drafts {
    this.write();
    this.current = new Drafts(this.limits, structuredClone([...this.drafts.values()].reverse()));
    return this.current;
  }

  /** The stored texts by conversation. */
  texts(): Record<number, string> {
    return Object.fromEntries([...this.drafts].map(([conversation, { text }]) => [conversation, text]));
  }
}

describe('drafts on the device', () => {
  it('stored drafts are shown after a reload before the server answers, and sent on their base', () => {
    const disk = new Disk();
    disk.current.set(7, 'hel', draft('', 3));
    const current = disk.reload();
    expect([current.text(7, draft('', 3)), current.due]).toEqual(['hel', true]);
    current.see(7, draft('theirs', 4));
    expect(current.takeDue(() => draft('theirs', 4))).toEqual([command('hel', 3)]);
    current.answered(command('hel', 3), { accepted: false, draft: draft('theirs', 4) });
    expect([disk.reload().due, disk.current.text(7, draft('theirs', 4))]).toEqual([false, 'hel']);
    disk.current.set(7, 'hello', draft('theirs', 4));
    expect(disk.current.takeDue(() => draft('theirs', 4))).toEqual([command('hello', 4)]);
  });

  it('a stored draft recognises its own version after a reload that lost the answer', () => {
    const disk = new Disk();
    disk.current.set(7, 'hel', empty);
    disk.current.takeDue(() => empty);
    disk.current.set(7, 'hello', empty);
    const current = disk.reload();
    expect(current.takeDue(() => empty)).toEqual([command('hello', 0)]);
    current.answered(command('hello', 0), { accepted: false, draft: draft('hel', 1) });
    expect(current.takeDue(() => draft('hel', 1))).toEqual([command('hello', 1)]);
  });

  it('a stored draft remembers only the versions sent last', () => {
    const disk = new Disk();
    for (const text of ['a', 'b', 'c', 'd', 'e', 'f']) {
      disk.current.set(7, text, empty);
      disk.current.takeDue(() => empty);
      disk.current.failAll();
    }
    disk.write();
    expect(disk.drafts.get(7)?.sent.map(({ text }) => text)).toEqual(['c', 'd', 'e', 'f']);
  });

  it('a stored draft does not reappear once its text entered the outbox', () => {
    const disk = new Disk();
    disk.current.set(7, 'hello', draft('hel', 2));
    disk.write();
    disk.current.enqueued({ command: 'send', id: 'mine', conversation: 7, text: 'hello', draft: 2 });
    const current = disk.reload();
    expect([current.text(7, draft('hel', 2)), current.due]).toEqual(['', false]);
    current.see(7, draft('', 1));
    expect(current.text(7, draft('hel', 2))).toBe('');
    current.see(7, draft('', 3));
    disk.write();
    expect(disk.texts()).toEqual({});
  });

  it('a stored draft that the server refused is not sent again after a reload', () => {
    const disk = new Disk();
    disk.current.set(7, 'too long', empty);
    const [only] = disk.current.takeDue(() => empty);
    if (only !== undefined) disk.current.fail(only, false);
    expect([disk.reload().due, disk.current.text(7, empty)]).toEqual([false, 'too long']);
  });

  it('[CH-25.4] a stored draft has no base under another history, even after a reload', () => {
    const disk = new Disk();
    disk.current.set(7, 'half', draft('', 9));
    disk.write();
    disk.current.forgetRevisions();
    const current = disk.reload();
    current.see(7, draft('old', 2));
    expect(current.takeDue(() => draft('old', 2))).toEqual([command('half', 2)]);
  });

  it('only changed drafts are written, once for many changes', () => {
    const disk = new Disk();
    disk.current.set(7, 'h', empty);
    disk.current.set(7, 'he', empty);
    disk.current.set(8, 'x', empty);
    expect(disk.current.unwritten).toBe(true);
    expect([disk.write(), disk.current.unwritten, disk.write()]).toEqual([[8, 7], false, []]);
    disk.current.set(8, 'xy', empty);
    expect([disk.write(), disk.texts()]).toEqual([[8], { 7: 'he', 8: 'xy' }]);
    expect(disk.reload().unwritten).toBe(false);
  });

  it('stored drafts are limited in number and length: the one changed longest ago is evicted, also across a reload', () => {
    const disk = new Disk();
    for (const conversation of [4, 3, 2]) disk.current.set(conversation, `in ${conversation}`, empty);
    disk.current.set(4, 'on 4', empty);
    disk.reload().set(9, 'in 9', empty);
    disk.write();
    expect(disk.texts()).toEqual({ 2: 'in 2', 4: 'on 4', 9: 'in 9' });
    expect(disk.current.text(3, empty)).toBe('in 3');
    disk.current.set(9, 'of fourteen ch', empty);
    disk.write();
    expect(disk.texts()).toEqual({ 4: 'on 4', 9: 'of fourteen ch' });
    disk.current.set(9, 'more than is kept of all', empty);
    disk.write();
    expect(disk.texts()).toEqual({ 2: 'in 2', 3: 'in 3', 4: 'on 4' });
  });
});
