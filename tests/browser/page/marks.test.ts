import type { BrowserContextOptions, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { openFixture } from './fixture-page.js';
import { untilStill } from './message-list.js';

const composer = (page: Page) => page.getByRole('textbox', { name: 'Message', exact: true });
const row = (page: Page, key: string) => page.locator(`[data-key="${key}"]`);
const dialog = (page: Page, name: string) => page.getByRole('dialog', { name });
const focusedKey = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('data-key'));

/** Opens the page of made-up data, and waits until its messages stand still. */
async function openPage(options?: BrowserContextOptions): Promise<Page> {
  const { page } = await openFixture('?view=rich&lang=en', options);
  await row(page, 'm9').waitFor();
  // A list that still moves takes a message from under the pointer.
  await untilStill(page);
  return page;
}

/** Returns the calls with this name that the page has made on the conversation, with their arguments. */
const callsOf = (page: Page, name: string) =>
  page.evaluate((wanted) => window.fixture.timelines.get(13)!.calls.filter((call) => call.startsWith(wanted)), name);

/** Waits until the member list has closed and the caret is after the inserted name. */
async function caretAtEnd(page: Page): Promise<void> {
  await expect.poll(() => page.getByRole('option').count()).toBe(0);
  const field = composer(page);
  await expect
    .poll(() => field.evaluate((one: HTMLTextAreaElement) => one.selectionStart === one.value.length))
    .toBe(true);
}

/** Chooses an item of the menu of a message, by keyboard. */
async function choose(page: Page, key: string, item: string): Promise<void> {
  await row(page, key).focus();
  await row(page, key).getByRole('button', { name: 'More actions' }).press('Enter');
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}

/** A low window, so that older messages are not on the screen: visible messages are skipped. */
const low: BrowserContextOptions = { viewport: { width: 1280, height: 400 } };

describe('[item 21] mentions', () => {
  test('typing @ offers the members by keyboard; a picked member is mentioned, and Enter does not send', {
    tags: ['wide'],
  }, async () => {
    const page = await openPage();
    await composer(page).focus();
    await page.keyboard.type('ask @a');
    const options = page.getByRole('option');
    await options.first().waitFor();
    expect(await options.first().textContent()).toContain('Aisha Khan');
    expect(await page.getByRole('option', { selected: true }).getAttribute('id')).toBe(
      await composer(page).getAttribute('aria-activedescendant'),
    );
    await page.keyboard.press('Enter');
    await expect.poll(() => composer(page).inputValue()).toBe('ask @Aisha Khan ');
    expect(await options.count()).toBe(0);
    await page.keyboard.type('now');
    await page.keyboard.press('Enter');
    await expect.poll(() => callsOf(page, 'call')).toEqual(['call 4 all false']);
    expect(await callsOf(page, 'send')).toEqual(['send ask @Aisha Khan now quote  files 0']);
  });

  test('mentions work by the pointer, in Chinese, and for everyone; Esc closes the list and keeps the text', {
    tags: ['wide'],
  }, async () => {
    const page = await openPage();
    await composer(page).focus();
    await page.keyboard.insertText('问@林');
    await page.getByRole('option', { name: '林晚' }).click();
    await expect.poll(() => composer(page).inputValue()).toBe('问@林晚 ');
    await caretAtEnd(page);
    await page.keyboard.insertText('@every');
    await page.getByRole('option', { name: 'everyone' }).click();
    await expect.poll(() => composer(page).inputValue()).toBe('问@林晚 @everyone ');
    await caretAtEnd(page);
    await page.keyboard.insertText('@');
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('Escape');
    expect(await page.getByRole('option').count()).toBe(0);
    await page.keyboard.press('Enter');
    await expect.poll(() => callsOf(page, 'call')).toEqual(['call 2 all true']);
  });

  test('[item 3] [pain 8] Enter, Esc and arrows of an input method neither pick a member nor close the list', {
    tags: ['wide'],
  }, async () => {
    const page = await openPage();
    await composer(page).focus();
    await page.keyboard.type('@a');
    await page.getByRole('option').first().waitFor();
    await composer(page).evaluate((field) => {
      field.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }));
      for (const key of ['ArrowDown', 'Escape', 'Enter'])
        field.dispatchEvent(new KeyboardEvent('keydown', { key, isComposing: true, bubbles: true, cancelable: true }));
    });
    expect(await composer(page).inputValue()).toBe('@a');
    expect(await page.getByRole('option').first().getAttribute('aria-selected')).toBe('true');
  });

  test('mentions are highlighted, a message that mentions the reader shows it, and a button steps through the unread ones', {
    tags: ['wide'],
  }, async () => {
    const page = await openPage(low);
    expect(await row(page, 'm4').locator('.called').allTextContents()).toEqual(['@周屿']);
    expect(await row(page, 'm4').getAttribute('aria-label')).toContain('mentioned you');
    await page.evaluate(() => window.fixture.change(13, { mentions: 1, mentionAt: 4 }));
    await page.getByRole('button', { name: '1 mention, go to next' }).click();
    await expect.poll(() => focusedKey(page)).toBe('m4');
    await expect.poll(() => page.locator('.latest.mention').count()).toBe(0);
  });

  test('stepping through mentions fetches messages that are not loaded, and leads back', {
    tags: ['wide'],
  }, async () => {
    const page = await openPage(low);
    await page.evaluate(() => {
      const timeline = window.fixture.timelines.get(13)!;
      const { rows } = timeline.getSnapshot();
      const called = rows.map((one) =>
        one.type === 'message' && [6, 8].includes(one.sequence ?? 0) ? { ...one, mentionsMe: true } : one,
      );
      // The first answer of the server has half of it.
      timeline.fillGap = (key, from) => {
        timeline.calls.push(`fill ${key} ${from}`);
        const { rows: held } = timeline.getSnapshot();
        const missing = called.filter((one) => !held.some((each) => each.key === one.key));
        const rest = missing.slice(1);
        const gap = { type: 'gap' as const, key: `gap${rest.length}`, loading: false };
        timeline.set({
          rows: held.flatMap((one) =>
            one.type === 'gap' ? [...missing.slice(0, 1), ...(rest.length > 0 ? [gap] : [])] : [one],
          ),
        });
      };
      const gap = { type: 'gap' as const, key: 'gap', loading: false };
      timeline.set({ rows: called.flatMap((one) => (one.key === 'm5' ? [gap] : one.key === 'm6' ? [] : [one])) });
      window.fixture.change(13, { mentions: 3, mentionAt: 4 });
    });
    const next = page.getByRole('button', { name: /mentions?, go to next/ });
    await page.getByRole('button', { name: '3 mentions, go to next' }).click();
    await expect.poll(() => focusedKey(page)).toBe('m4');
    await next.click();
    await expect.poll(() => focusedKey(page)).toBe('m6');
    // The third has come into view with it.
    await expect.poll(() => next.count()).toBe(0);
    await page.getByRole('button', { name: 'Previous mention' }).click();
    await expect.poll(() => focusedKey(page)).toBe('m4');
  });
});

describe('dialogs of messages', () => {
  test('[item 43] a message is forwarded to several conversations, found by name', { tags: ['wide'] }, async () => {
    const page = await openPage();
    await choose(page, 'm5', 'Forward');
    const forward = dialog(page, 'Forward');
    await forward.getByLabel('Search conversations').fill('data');
    await forward.getByRole('button', { name: /Data desk/ }).click();
    await forward.getByLabel('Search conversations').fill('');
    const beginnings = await forward.locator('.pick bdi').evaluateAll((names) =>
      names.map((name) => {
        const text = document.createRange();
        text.selectNodeContents(name);
        return Math.round(text.getBoundingClientRect().left);
      }),
    );
    // One of the names is right-to-left.
    expect([beginnings.length > 5, new Set(beginnings).size]).toEqual([true, 1]);
    await forward.getByRole('button', { name: /^林晚|晚林晚/ }).click();
    await forward.getByRole('button', { name: 'Forward to 2 conversations' }).click();
    await expect.poll(() => callsOf(page, 'forward')).toEqual(['forward m5 to 15,101']);
    await expect.poll(() => forward.count()).toBe(0);
    expect(await composer(page).evaluate((field) => field === document.activeElement)).toBe(true);
  });

  test('[item 44] pinned messages are shown above the messages, lead to their place, and are listed', {
    tags: ['wide'],
  }, async () => {
    const page = await openPage();
    await page.locator('.pin-last').click();
    await expect.poll(() => focusedKey(page)).toBe('m3');
    await page.getByRole('button', { name: '1 pinned' }).click();
    const pins = dialog(page, 'Pinned messages');
    await pins.getByText('Pinned by 林晚').waitFor();
    await pins.getByRole('button', { name: 'Unpin' }).click();
    await expect.poll(() => callsOf(page, 'pin')).toEqual(['pin m3 false']);
    await pins.locator('.pin-row button').first().click();
    await expect.poll(() => focusedKey(page)).toBe('m3');
  });

  test('[item 16] an edited message shows its previous versions', { tags: ['wide'] }, async () => {
    const page = await openPage();
    await row(page, 'm5').getByRole('button', { name: 'Edited' }).click();
    const history = dialog(page, 'Edit history');
    await history.getByText('收到，三脚架谁带？').waitFor();
    expect(await history.getByText('收到，三脚架我带。').count()).toBe(1);
  });

  test('[item 15] the read list shows who has read and who has received a message, with the times', {
    tags: ['wide'],
  }, async () => {
    const page = await openPage();
    await choose(page, 'm9', 'Read by');
    const readers = dialog(page, 'Read by');
    await readers.waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => readers.count()).toBe(0);
    await page.locator('[data-key="m9"]').getByRole('button', { name: 'Read by 4' }).click();
    await readers.getByRole('heading', { name: 'Read (1)' }).waitFor();
    expect(await readers.locator('.reader').allInnerTexts()).toEqual([
      expect.stringMatching(/林晚\s+Today 09:14/),
      expect.stringMatching(/Aisha Khan\s+Today 09:13/),
      expect.stringMatching(/陈默$/),
    ]);
  });
});
