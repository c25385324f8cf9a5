/** @module-tag wide: tests/chat-server tests the personal settings; this is their way through the page. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from './person.js';
import { choose, composer, details, dialog, list, newGroup, row, TwoPeople } from './two-people.js';

/* Personal settings of conversations, at a real server. */

let people: TwoPeople;
let ann: Person;
let bo: Person;

beforeAll(async () => {
  people = await TwoPeople.meet();
  ({ ann, bo } = people);
});

afterAll(() => people?.end());

describe('personal settings of conversations', () => {
  it('a conversation is pinned on top and unpinned, by the pointer', async () => {
    await newGroup(ann, 'Garden');
    await choose(ann, 'Bo', 'Pin');
    await list(ann).getByRole('heading', { name: 'Pinned' }).waitFor();
    await expect.poll(() => list(ann).locator('a.conversation').first().textContent()).toContain('Bo');
    await choose(ann, 'Bo', 'Unpin');
    await expect.poll(() => list(ann).getByRole('heading', { name: 'Pinned' }).count()).toBe(0);
  });

  it('the menu opens by Shift+F10 and by its button, is stepped through by arrows, and returns the focus', async () => {
    await row(ann, 'Bo').focus();
    await ann.page.keyboard.press('Shift+F10');
    await ann.page.getByRole('menu', { name: 'Actions for Bo' }).waitFor();
    await ann.page.keyboard.press('Escape');
    await expect.poll(() => row(ann, 'Bo').evaluate((element) => element === document.activeElement)).toBe(true);
    await ann.page.keyboard.press('Shift+F10');
    await ann.page.getByRole('menu').waitFor();
    for (const name of ['Search in this conversation', 'Pin']) {
      await ann.page.keyboard.press('ArrowDown');
      await ann.page.locator('[role=menuitem]:focus', { hasText: name }).waitFor();
    }
    await ann.page.keyboard.press('Enter');
    await list(ann).getByRole('heading', { name: 'Pinned' }).waitFor();
    await row(ann, 'Bo').hover();
    await list(ann).getByRole('button', { name: 'Actions for Bo' }).click();
    await ann.page.getByRole('menuitem', { name: 'Unpin' }).click();
    await expect.poll(() => list(ann).getByRole('heading', { name: 'Pinned' }).count()).toBe(0);
  });

  it('the menu opens by a long press, and the release opens nothing else', async () => {
    await row(ann, 'Garden').click();
    const finger = { pointerType: 'touch', clientX: 120, clientY: 200, bubbles: true };
    const before = ann.page.url();
    await row(ann, 'Bo').dispatchEvent('pointerdown', finger);
    await ann.page.getByRole('menu', { name: 'Actions for Bo' }).waitFor();
    await row(ann, 'Bo').dispatchEvent('pointerup', finger);
    await row(ann, 'Bo').dispatchEvent('click', { bubbles: true });
    expect(ann.page.url()).toBe(before);
    await ann.page.keyboard.press('Escape');
    await row(ann, 'Bo').dispatchEvent('pointerdown', finger);
    await row(ann, 'Bo').dispatchEvent('pointermove', { ...finger, clientY: 240 });
    await row(ann, 'Bo').dispatchEvent('pointerup', finger);
    expect(await ann.page.getByRole('menu').count()).toBe(0);
  });

  it('a conversation is muted for a time and for good: its count is outlined and not in the title', async () => {
    await choose(ann, 'Bo', 'Mute for 1 hour');
    await row(ann, 'Bo').getByText('muted').waitFor();
    await bo.say('are you there');
    await row(ann, 'Bo').locator('.count.quiet', { hasText: '1 unread' }).waitFor();
    await expect.poll(() => ann.page.title()).toBe('Garden – Everywire');
    await row(ann, 'Bo').click({ button: 'right' });
    await ann.page.getByRole('menuitem', { name: /^Unmute until (tomorrow )?\d\d:\d\d$/ }).click();
    await row(ann, 'Bo').locator('.count:not(.quiet)', { hasText: '1 unread' }).waitFor();
    await expect.poll(() => ann.page.title()).toBe('(1) Garden – Everywire');
    await choose(ann, 'Bo', 'Mute until I unmute');
    await choose(ann, 'Bo', 'Unmute');
    await expect.poll(() => row(ann, 'Bo').getByText('muted').count()).toBe(0);
  });

  it('a conversation is marked read without opening it, and unread by hand', async () => {
    await choose(ann, 'Bo', 'Mark as read');
    await expect.poll(() => row(ann, 'Bo').locator('.count').count()).toBe(0);
    await choose(ann, 'Bo', 'Mark as unread');
    await row(ann, 'Bo').getByText('marked unread').waitFor();
    await choose(ann, 'Bo', 'Mark as read');
    await expect.poll(() => row(ann, 'Bo').locator('.count').count()).toBe(0);
  });

  it('[pain 3] all conversations are marked read after a confirmation, by a button that is shown while something is unread', async () => {
    const all = list(ann).getByRole('button', { name: 'Mark all as read' });
    await expect.poll(() => all.count()).toBe(0);
    await row(ann, 'Garden').click();
    await bo.say('one more');
    await row(ann, 'Bo').locator('.count').waitFor();
    await choose(ann, 'Garden', 'Mark as unread');
    await all.click();
    await dialog(ann).getByRole('button', { name: 'Mark all as read' }).click();
    await expect.poll(() => all.count()).toBe(0);
    const receipt = bo.page.locator('article', { hasText: 'one more' }).locator('[data-receipt]');
    await expect.poll(() => receipt.getAttribute('data-receipt')).toBe('read');
    await ann.page.reload();
    await row(ann, 'Bo').waitFor();
    await expect.poll(() => list(ann).locator('.count').count()).toBe(0);
    await expect.poll(() => row(ann, 'Garden').getByText('marked unread').count()).toBe(0);
  });

  it('a conversation is archived, found in the archive, and unarchived', async () => {
    await choose(ann, 'Bo', 'Archive');
    await expect.poll(() => row(ann, 'Bo').count()).toBe(0);
    await list(ann).getByRole('button', { name: 'Archived (1)' }).click();
    await row(ann, 'Bo').waitFor();
    await bo.say('still there');
    await row(ann, 'Bo').getByText('still there').waitFor();
    await choose(ann, 'Bo', 'Unarchive');
    await expect
      .poll(() =>
        list(ann)
          .getByRole('button', { name: /^Archived/ })
          .count(),
      )
      .toBe(0);
  });

  it('the history is cleared after a confirmation, for this person only', async () => {
    await choose(ann, 'Bo', 'Clear history');
    await dialog(ann).getByRole('button', { name: 'Cancel' }).click();
    await row(ann, 'Bo').click();
    await ann.sees('still there');
    await choose(ann, 'Bo', 'Clear history');
    await dialog(ann).getByRole('button', { name: 'Clear history' }).click();
    await expect.poll(() => ann.texts()).toEqual([]);
    expect(await bo.texts()).toContain('hello Bo');
  });

  it('a conversation is hidden from the list until a new message', async () => {
    await row(ann, 'Garden').click();
    await choose(ann, 'Bo', 'Hide until the next message');
    await expect.poll(() => row(ann, 'Bo').count()).toBe(0);
    await bo.say('again');
    await row(ann, 'Bo').getByText('again').waitFor();
  });

  it('personal notes are one conversation', async () => {
    for (const _ of [1, 2]) {
      await ann.page.getByRole('button', { name: 'New conversation' }).first().click();
      await dialog(ann).getByRole('button', { name: 'My notes' }).click();
      await ann.page.getByRole('heading', { level: 1, name: 'My notes' }).waitFor();
    }
    await ann.say('buy seeds');
    await ann.sees('buy seeds');
    expect(await row(ann, 'My notes').count()).toBe(1);
  });
});

describe('privacy', () => {
  it('[pain 21] a person is blocked from the details and unblocked in the settings; a refused message survives a reload', async () => {
    await row(ann, 'Bo').click();
    await row(bo, 'Ann').click();
    await details(ann).getByRole('button', { name: 'Block' }).click();
    await dialog(ann).getByRole('button', { name: 'Block' }).click();
    await details(ann).getByRole('button', { name: 'Unblock' }).waitFor();
    await ann.page.getByText('You blocked this person.').waitFor();
    await bo.say('hear me');
    await bo.page.getByText('Not sent: you can’t message this person').waitFor();
    await bo.page.reload();
    await bo.page.getByText('Not sent: you can’t message this person').waitFor();
    expect(await details(bo).getByRole('button', { name: 'Unblock' }).count()).toBe(0);
    await ann.page.getByRole('button', { name: 'Settings' }).click();
    await ann.page.getByRole('tab', { name: 'Privacy' }).click();
    await dialog(ann).getByRole('button', { name: 'Unblock Bo' }).click();
    await dialog(ann).getByText('No one is blocked').waitFor();
    await composer(ann).waitFor();
    await bo.page.getByRole('button', { name: 'Retry' }).click();
    await ann.sees('hear me');
  });

  it('read receipts are sent only if switched on', async () => {
    const receipts = dialog(ann).getByRole('switch', { name: 'Send read receipts' });
    await receipts.click();
    await dialog(ann).getByRole('switch', { name: 'Send read receipts', checked: false }).waitFor();
    await ann.page.keyboard.press('Escape');
    await row(ann, 'Garden').click();
    await bo.say('did you see this');
    await row(ann, 'Bo').click();
    await ann.sees('did you see this');
    const receipt = bo.page.locator('article', { hasText: 'did you see this' }).locator('[data-receipt]');
    await expect.poll(() => receipt.getAttribute('data-receipt')).toBe('delivered');
    await ann.page.getByRole('button', { name: 'Settings' }).click();
    await ann.page.getByRole('tab', { name: 'Privacy' }).click();
    await receipts.click();
    await ann.page.keyboard.press('Escape');
    await bo.say('and this');
    await ann.sees('and this');
    await expect.poll(() => receipt.getAttribute('data-receipt')).toBe('read');
  });
});

describe('drafts', () => {
  it('a draft appears on the other device where no one writes, and overwrites no text being written', async () => {
    await row(ann, 'Bo').click();
    const other = await people.arrive('Ann');
    await other.signIn();
    await row(other, 'Bo').click();
    await composer(other).blur();
    await composer(ann).fill('half a sent');
    await expect.poll(() => composer(other).inputValue()).toBe('half a sent');
    await composer(other).focus();
    await composer(ann).fill('half a sentence');
    const third = await people.arrive('Ann');
    await third.signIn();
    await row(third, 'Bo').getByText('half a sentence').waitFor();
    // The server has it. It has come to the other device too, once a message said after it has.
    await bo.say('now');
    await other.sees('now');
    expect(await composer(other).inputValue()).toBe('half a sent');
    await composer(other).blur();
    await expect.poll(() => composer(other).inputValue()).toBe('half a sentence');
    await composer(other).press('Enter');
    await bo.sees('half a sentence');
    await expect.poll(() => row(third, 'Bo').getByText('Draft:').count()).toBe(0);
    await third.page.context().close();
    await other.page.context().close();
  });
});

it('no page reported an error', () => {
  expect([...ann.problems, ...bo.problems]).toEqual([]);
});
