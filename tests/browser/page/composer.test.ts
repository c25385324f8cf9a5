import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { openFixture } from './fixture-page.js';

const survey = 13;
const composer = (page: Page) => page.getByRole('textbox', { name: 'Message', exact: true });
const messages = (page: Page) => page.locator('.log').getByRole('article');

/** Opens the page of made-up data, and waits until the composer is there. */
async function openPage(query = '?lang=en'): Promise<Page> {
  const { page } = await openFixture(query);
  await composer(page).waitFor();
  return page;
}

/** Rows that the page has sent since it was opened. */
const sentTexts = (page: Page) =>
  page.evaluate((id) => {
    const { rows } = window.fixture.timelines.get(id)!.getSnapshot();
    return rows.flatMap((row) => (row.type === 'message' && row.key.startsWith('sent') ? [row.text] : []));
  }, survey);

/** Returns the calls with this name that the page has made on the conversation, with their arguments. */
const callsOf = (page: Page, name: string) =>
  page.evaluate(([id, wanted]) => window.fixture.timelines.get(id)!.calls.filter((call) => call.startsWith(wanted)), [
    survey,
    name,
  ] as const);

/**
 * Presses Enter, and returns how many frames it took until the bubble was there: other load of the machine is not
 * counted.
 */
function framesUntilShown(page: Page, key: string): Promise<number> {
  return page.evaluate(async (wanted) => {
    const field = document.querySelector('[data-composer]');
    field?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 13, bubbles: true, cancelable: true }));
    let frames = 0;
    for (; document.querySelector(`[data-key="${wanted}"]`) === null && frames < 100; frames++) {
      await new Promise((done) => requestAnimationFrame(done));
    }
    return frames;
  }, key);
}

describe('the composer', () => {
  test('[item 1] Enter sends immediately: the bubble is there with a clock, and the same element gets its tick', async () => {
    const page = await openPage();
    const frames: number[] = [];
    for (let count = 1; count <= 5; count++) {
      await composer(page).fill(`明天见 ${count}`);
      frames.push(await framesUntilShown(page, `sent ${count}`));
      if (count === 1) await page.locator('[data-key="sent 1"]').evaluate((row) => row.setAttribute('data-marked', ''));
    }
    // Three frames are 50 ms.
    expect(Math.max(...frames)).toBeLessThanOrEqual(3);
    await page.locator('[data-key="sent 1"] [data-receipt="sent"]').waitFor();
    expect(await page.locator('[data-key="sent 1"][data-marked]').count()).toBe(1);
    expect(await composer(page).inputValue()).toBe('');
  });

  test('[item 4] Shift+Enter adds a line and sends nothing; Enter then sends both lines', {
    tags: ['wide'],
  }, async () => {
    const page = await openPage();
    await composer(page).pressSequentially('one');
    await composer(page).press('Shift+Enter');
    await composer(page).pressSequentially('two');
    expect(await sentTexts(page)).toEqual([]);
    await composer(page).press('Enter');
    await expect.poll(() => sentTexts(page)).toEqual(['one\ntwo']);
  });

  test('[item 4] with Ctrl+Enter chosen for sending, Enter adds a line', { tags: ['wide'] }, async () => {
    const page = await openPage();
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('radio', { name: 'Ctrl + Enter' }).click();
    await page.keyboard.press('Escape');
    await composer(page).pressSequentially('one');
    await composer(page).press('Enter');
    expect(await sentTexts(page)).toEqual([]);
    await composer(page).press('Control+Enter');
    await expect.poll(() => sentTexts(page)).toEqual(['one']);
  });

  test('[item 3] [pain 8] Enter during a composition does not send', async () => {
    const page = await openPage();
    await composer(page).focus();
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Input.imeSetComposition', { text: 'ni hao', selectionStart: 6, selectionEnd: 6 });
    expect(await composer(page).inputValue()).toBe('ni hao');
    await devtools.send('Input.dispatchKeyEvent', {
      type: 'rawKeyDown',
      key: 'Enter',
      code: 'Enter',
      windowsVirtualKeyCode: 229,
    });
    await devtools.send('Input.dispatchKeyEvent', {
      type: 'keyUp',
      key: 'Enter',
      code: 'Enter',
      windowsVirtualKeyCode: 13,
    });
    expect(await sentTexts(page)).toEqual([]);
    await devtools.send('Input.insertText', { text: '你好' });
    expect(await sentTexts(page)).toEqual([]);
    await composer(page).press('Enter');
    await expect.poll(() => sentTexts(page)).toEqual(['你好']);
  });

  test('[item 3] [pain 8] the Enter that ends a composition in Safari, fired after compositionend, does not send', {
    tags: ['wide'],
  }, async () => {
    const page = await openPage();
    await composer(page).fill('你好');
    for (const keyCode of [229, 13]) {
      await composer(page).evaluate((field, code) => {
        Object.defineProperty(navigator, 'vendor', { value: 'Apple Computer, Inc.', configurable: true });
        field.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }));
        field.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true, data: '你好' }));
        field.dispatchEvent(
          new KeyboardEvent('keydown', { key: 'Enter', keyCode: code, bubbles: true, cancelable: true }),
        );
      }, keyCode);
      expect(await sentTexts(page)).toEqual([]);
    }
    await composer(page).press('Enter');
    await expect.poll(() => sentTexts(page)).toEqual(['你好']);
  });

  test('[item 4] white space alone is not sent', { tags: ['wide'] }, async () => {
    const page = await openPage();
    await composer(page).fill('  \n ');
    await composer(page).press('Enter');
    expect(await sentTexts(page)).toEqual([]);
  });

  test('[item 24] a draft stays with its conversation and shows in the list', { tags: ['wide'] }, async () => {
    const page = await openPage();
    await composer(page).fill('half a thought');
    await page.locator('[data-conversation="101"]').click();
    await page.getByRole('heading', { level: 1, name: '林晚' }).waitFor();
    expect(await composer(page).inputValue()).toBe('');
    await page.getByRole('link', { name: /Draft: half a thought/ }).click();
    await expect.poll(() => composer(page).inputValue()).toBe('half a thought');
  });

  test('[item 24] a draft from another device fills the field only while it has no focus', {
    tags: ['wide'],
  }, async () => {
    const page = await openPage();
    await composer(page).fill('mine');
    await page.evaluate((id) => window.fixture.change(id, { draft: 'theirs' }), survey);
    expect(await composer(page).inputValue()).toBe('mine');
    await composer(page).blur();
    await page.evaluate((id) => window.fixture.change(id, { draft: 'theirs too' }), survey);
    await expect.poll(() => composer(page).inputValue()).toBe('theirs too');
  });

  test('[item 2] [pain 21] a failed message shows why and can be retried, edited and deleted', async () => {
    const page = await openPage();
    const failed = messages(page).filter({ hasText: '潮水表放群文件了' });
    await expect.poll(() => failed.textContent()).toContain('Not sent: this is too long');
    await failed.getByRole('button', { name: 'Retry' }).click();
    await failed.locator('[data-receipt="sent"]').waitFor();
    await page.evaluate(
      (id) => window.fixture.timelines.get(id)!.settle('m15', { state: 'failed', code: 'busy' }),
      survey,
    );
    // On a busy machine the row may still move, and lose a press.
    await expect
      .poll(async () => {
        if ((await failed.count()) > 0) await failed.getByRole('button', { name: 'Edit' }).click();
        return failed.count();
      })
      .toBe(0);
    await expect.poll(() => composer(page).inputValue()).toBe('潮水表放群文件了，明早 4:50 最低潮。');
    await composer(page).fill('');
    await page.evaluate((id) => {
      const timeline = window.fixture.timelines.get(id)!;
      timeline.send('once more');
      timeline.settle('sent 1', { state: 'failed', code: 'nobody_knows' });
    }, survey);
    const again = messages(page).filter({ hasText: 'once more' });
    await again.getByRole('button', { name: 'Delete' }).click();
    await expect.poll(() => again.count()).toBe(0);
    expect(await composer(page).inputValue()).toBe('');
  });

  test('[pain 21] a failed message is put back with its files and quote, and cannot be where writing is no longer allowed', {
    tags: ['wide'],
  }, async () => {
    const page = await openPage('?view=rich&lang=en');
    const fail = () =>
      page.evaluate((id) => {
        const timeline = window.fixture.timelines.get(id)!;
        const rows = timeline.getSnapshot().rows.filter((row) => row.type === 'message');
        const [own, withFile, answer] = ['m9', 'm6', 'm5'].map((key) => rows.find((row) => row.key === key)!);
        const receipt = { state: 'failed', code: 'busy' } as const;
        const { files } = withFile!;
        timeline.add({ ...own!, key: 'failed', sequence: null, text: 'lost?', files, quote: answer!.quote, receipt });
      }, survey);
    await fail();
    await page.locator('[data-key="failed"]').getByRole('button', { name: 'Edit', exact: true }).click();
    await expect.poll(() => composer(page).inputValue()).toBe('lost?');
    await page.locator('.mode', { hasText: 'Replying to 林晚' }).waitFor();
    await composer(page).press('Enter');
    await expect.poll(() => callsOf(page, 'send')).toEqual(['send lost? quote m3 files 1']);
    await fail();
    await page.evaluate((id) => window.fixture.change(id, { member: false, ended: 'removed' }), survey);
    await composer(page).waitFor({ state: 'detached' });
    const failed = page.locator('[data-key="failed"]');
    await failed.getByRole('button', { name: 'Delete', exact: true }).waitFor();
    expect(await failed.getByRole('button', { name: 'Edit', exact: true }).count()).toBe(0);
  });

  test('[pain also-3] two taps on the button, and two presses of Enter before the next frame, send once', {
    tags: ['wide'],
  }, async () => {
    const page = await openPage();
    const send = page.getByRole('button', { name: 'Send', exact: true });
    await composer(page).fill('by the button');
    await send.dblclick();
    await composer(page).fill('at once');
    await send.evaluate((button) => {
      for (let tap = 0; tap < 2; tap += 1) (button as HTMLButtonElement).click();
    });
    await composer(page).fill('by Enter');
    await composer(page).evaluate((field) => {
      const init = { key: 'Enter', keyCode: 13, bubbles: true, cancelable: true };
      for (let tap = 0; tap < 2; tap += 1) field.dispatchEvent(new KeyboardEvent('keydown', init));
    });
    await expect.poll(() => composer(page).inputValue()).toBe('');
    expect(await sentTexts(page)).toEqual(['by the button', 'at once', 'by Enter']);
  });

  test('[pain also-4] a pasted picture is sent with the Enter that follows immediately; text and files added in the meantime stay', {
    tags: ['wide'],
  }, async () => {
    const page = await openPage();
    await page.evaluate(() => {
      window.fixture.uploadsEnd = new Promise((done) => addEventListener('uploads end', () => done(), { once: true }));
    });
    await composer(page).fill('look');
    await composer(page).evaluate((field) => {
      const paste = (name: string) => {
        const clipboardData = new DataTransfer();
        clipboardData.items.add(new File(['x'], name, { type: 'image/png' }));
        field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
      };
      paste('first.png');
      const enter = new KeyboardEvent('keydown', { key: 'Enter', keyCode: 13, bubbles: true, cancelable: true });
      field.dispatchEvent(enter);
      field.dispatchEvent(enter);
      paste('second.png');
    });
    await page.getByRole('button', { name: 'Remove second.png' }).waitFor();
    expect(await sentTexts(page)).toEqual([]);
    await composer(page).press('End');
    await composer(page).pressSequentially(' and more');
    await page.evaluate(() => dispatchEvent(new Event('uploads end')));
    await expect.poll(() => callsOf(page, 'send')).toEqual(['send look quote  files 1']);
    await expect.poll(() => composer(page).inputValue()).toBe('and more');
    await page.getByRole('button', { name: 'Remove second.png' }).waitFor();
    await composer(page).press('Enter');
    await expect
      .poll(() => callsOf(page, 'send'))
      .toEqual(['send look quote  files 1', 'send and more quote  files 1']);
  });

  test('[item 34] typing is sent while there is text, and not if it is switched off', {
    tags: ['wide'],
  }, async () => {
    const page = await openPage();
    await composer(page).pressSequentially('a');
    const calls = () =>
      page.evaluate(
        (id) => window.fixture.timelines.get(id)!.calls.filter((call) => call.startsWith('setTyping')),
        survey,
      );
    expect(await calls()).toContain('setTyping true');
    await composer(page).fill('');
    await expect.poll(async () => (await calls()).at(-1)).toBe('setTyping false');
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('switch', { name: 'Typing indicators' }).click();
    await page.keyboard.press('Escape');
    const before = (await calls()).filter((call) => call === 'setTyping true').length;
    await composer(page).pressSequentially('b');
    expect((await calls()).filter((call) => call === 'setTyping true').length).toBe(before);
  });
});
