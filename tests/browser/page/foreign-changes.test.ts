/** @module-tag wide: four passes over the whole page, each with many changes. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openFixture } from './fixture-page.js';

const survey = 13;

/** What translators and extensions do to a text, with the wrapper to put in its place. */
const ways: Readonly<Record<string, (text: Text, outer: HTMLElement, inner: HTMLElement) => void>> = {
  'moved into a wrapper': (text, outer, inner) => {
    text.replaceWith(outer);
    inner.append(text);
  },
  replaced: (text, outer, inner) => {
    inner.append(text.data.toUpperCase());
    text.replaceWith(outer);
  },
  'replaced in two steps': (text, outer, inner) => {
    inner.append(text.data.toUpperCase());
    text.before(outer);
    text.remove();
  },
  removed: (text) => text.remove(),
};

/** Does it to all texts of the page. */
async function alterTexts(page: Page, way: string): Promise<void> {
  await page.evaluate(`{
    const walker = document.createTreeWalker(document.getElementById('page'), NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode() !== null) texts.push(walker.currentNode);
    for (const text of texts) {
      const [outer, inner] = [document.createElement('font'), document.createElement('font')];
      outer.append(inner);
      (${ways[way]})(text, outer, inner);
    }
  }`);
}

/** Changes the last message. */
async function edit(page: Page, text: string): Promise<string> {
  return page.evaluate(
    ([id, text]) => {
      const timeline = window.fixture.timelines.get(id)!;
      const { rows } = timeline.getSnapshot();
      const last = rows.findLast((row) => row.type === 'message')!;
      const reactions = text === '' ? [] : [{ emoji: '👍', people: [last.sender], own: false }];
      timeline.set({
        rows: rows.map((row) => (row === last ? { ...last, text, editedAt: last.sentAt, reactions } : row)),
      });
      return last.key;
    },
    [survey, text] as const,
  );
}

test.each(Object.keys(ways))(
  'the page lives and shows changed words after a translator or an extension has %s all its texts',
  async (way) => {
    const { page, problems } = await openFixture('?view=rich&lang=en');
    await page.waitForFunction(() => !String(Node.prototype.removeChild).includes('[native code]'));
    for (const text of ['plain words', 'with **strong** and more', '', '- one\n- two', 'plain again']) {
      await alterTexts(page, way);
      const bubble = page.locator(`[data-key="${await edit(page, text)}"] .bubble`);
      const shown = text.replaceAll(/[-*\s]/g, '');
      await expect.poll(async () => (await bubble.textContent())?.replaceAll(/\s/g, '')).toMatch(shown);
      if (text === 'plain again') expect(await bubble.textContent()).not.toMatch(/one|strong|words/i);
    }
    await alterTexts(page, way);
    const composer = page.getByRole('textbox', { name: 'Message', exact: true });
    await composer.fill('typed and sent');
    await composer.press('Enter');
    await page.locator('.bubble', { hasText: 'typed and sent' }).waitFor();
    for (const conversation of await page.locator('a.conversation').all()) {
      await alterTexts(page, way);
      await conversation.click();
    }
    await page.locator('.pane').waitFor();
    expect(problems.filter((problem) => !problem.includes('404'))).toEqual([]);
  },
);
