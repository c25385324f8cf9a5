import type { Locator, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { openFixture } from './fixture-page.js';
import { untilStill } from './message-list.js';

const survey = 13;
const composer = (page: Page) => page.getByRole('textbox', { name: 'Message', exact: true });
const row = (page: Page, key: string) => page.locator(`[data-key="${key}"]`);

async function openPage(): Promise<Page> {
  const { page } = await openFixture('?view=rich&lang=en');
  await row(page, 'm9').waitFor();
  // A list that still moves takes a message from under the pointer.
  await untilStill(page);
  return page;
}

const callsOf = (page: Page, name: string) =>
  page.evaluate(([id, wanted]) => window.fixture.timelines.get(id)!.calls.filter((call) => call.startsWith(wanted)), [
    survey,
    name,
  ] as const);

async function choose(page: Page, key: string, item: string): Promise<void> {
  // As by keyboard: a message is focused, and its actions come next.
  await row(page, key).focus();
  await row(page, key).getByRole('button', { name: 'More actions' }).press('Enter');
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}

/** Presses a button until its call was made: a row that still moves on a busy machine loses a press. */
async function pressFor(page: Page, button: Locator, call: string): Promise<void> {
  const pressed = async (): Promise<boolean> => {
    await button.click();
    return (await callsOf(page, call)).length > 0;
  };
  await expect.poll(pressed).toBe(true);
}

test("the secondary button opens the menu of a message at the pointer; on a link, with Shift and on selected text the browser's own menu opens", {
  tags: ['wide'],
}, async () => {
  const page = await openPage();
  const bubble = row(page, 'm9').locator('.bubble');
  const menu = page.getByRole('menu', { name: 'More actions' });
  await bubble.click({ button: 'right', position: { x: 12, y: 10 } });
  await menu.waitFor();
  const [at, from] = await Promise.all([menu.boundingBox(), bubble.boundingBox()]);
  expect(Math.abs((at?.x ?? 0) - (from?.x ?? 0) - 12)).toBeLessThan(320);
  await page.keyboard.press('Escape');
  await expect.poll(() => menu.count()).toBe(0);
  expect(await row(page, 'm9').evaluate((one) => one === document.activeElement)).toBe(true);
  await bubble.click({ button: 'right', modifiers: ['Shift'] });
  expect(await menu.count()).toBe(0);
  await page.evaluate(() => getSelection()?.selectAllChildren(document.querySelector('[data-key="m9"] .bubble')!));
  await bubble.click({ button: 'right' });
  expect(await menu.count()).toBe(0);
});

describe('messages with every kind of content', () => {
  test('a message shows its quote, forwarded sender, edited mark and attachments, each in its place', {
    tags: ['wide'],
  }, async () => {
    const page = await openPage();
    expect(await row(page, 'm5').locator('.quote').textContent()).toBe('林晚最低潮 4:50，南门集合。');
    // Of a picture without text: a thumbnail, and what it is.
    expect(await row(page, 'm6').locator('.quote').textContent()).toBe('陈默Image');
    await page.waitForLoadState('networkidle');
    const boxes = ['.quoted-picture', '.quote b'].map((part) => row(page, 'm6').locator(part).boundingBox());
    const [small, name] = await Promise.all(boxes);
    expect([small?.width, small?.height]).toEqual([34, 34]);
    expect(name?.x).toBeGreaterThan((small?.x ?? 0) + 34);
    expect(await row(page, 'm5').locator('.marks').textContent()).toBe('Edited');
    expect(await row(page, 'm7').locator('.forwarded').textContent()).toBe('Forwarded from Noor');
    expect(await row(page, 'm7').locator('.quote').textContent()).toBe('Quoted message unavailable');
    const save = row(page, 'm6').getByRole('link', { name: 'Download 潮汐表 2026-11.xlsx' });
    expect(await save.getAttribute('download')).toBe('潮汐表 2026-11.xlsx');
    const picture = row(page, 'm4').locator('.picture');
    // The picture never loads here; its space and its placeholder are there nevertheless.
    const { width, height } = (await picture.boundingBox()) ?? { width: 0, height: 0 };
    expect([width, height]).toEqual([320, 200]);
    expect(await picture.evaluate((element) => getComputedStyle(element).backgroundImage)).toMatch(/^url\("data:image/);
  });

  test('reactions are set and removed, below the message and in its menu', { tags: ['wide'] }, async () => {
    const page = await openPage();
    const own = row(page, 'm3').getByRole('button', { name: '周屿, 陈默 reacted with 👍' });
    expect(await own.getAttribute('aria-pressed')).toBe('true');
    await pressFor(page, own, 'react m3 👍 false');
    const other = row(page, 'm3').getByRole('button', { name: 'Aisha Khan reacted with 🎉' });
    await pressFor(page, other, 'react m3 🎉 true');
    await choose(page, 'm4', 'React with ❤️');
    expect(await callsOf(page, 'react')).toEqual(['react m3 👍 false', 'react m3 🎉 true', 'react m4 ❤️ true']);
  });

  test('a reply shows its quoted message until it is sent, or Esc is pressed', { tags: ['wide'] }, async () => {
    const page = await openPage();
    const reply = row(page, 'm4').getByRole('button', { name: 'Reply', exact: true });
    // A row that still moves loses the pointer, and its buttons with it: then the pointer is moved again.
    const pressed = async (): Promise<boolean> => {
      await row(page, 'm4').hover();
      return reply.click({ timeout: 1_000 }).then(
        () => true,
        () => false,
      );
    };
    await expect.poll(pressed).toBe(true);
    const mode = page.locator('.mode');
    expect(await mode.textContent()).toContain('Replying to 陈默');
    expect(await composer(page).evaluate((field) => field === document.activeElement)).toBe(true);
    await page.keyboard.press('Escape');
    expect(await mode.count()).toBe(0);
    // By keyboard, with the pointer left on the message: the button of the menu stays, and does not take the focus back.
    await row(page, 'm4').hover();
    await row(page, 'm4').getByRole('button', { name: 'More actions' }).press('Enter');
    await page.getByRole('menuitem', { name: 'Reply', exact: true }).press('Enter');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    expect(await composer(page).evaluate((field) => field === document.activeElement)).toBe(true);
    await page.keyboard.type('明白');
    await page.keyboard.press('Enter');
    await expect.poll(() => callsOf(page, 'send')).toEqual(['send 明白 quote m4 files 0']);
    expect(await mode.count()).toBe(0);
  });

  test('editing puts the text into the field, keeps the draft, and sends only a changed text', {
    tags: ['wide'],
  }, async () => {
    const page = await openPage();
    await composer(page).fill('half a thought');
    await choose(page, 'm9', 'Edit');
    expect(await composer(page).inputValue()).toBe('核对完了');
    await composer(page).fill('核对完了，47 只');
    await page.keyboard.press('Enter');
    await expect.poll(() => callsOf(page, 'edit')).toEqual(['edit m9 核对完了，47 只']);
    expect(await composer(page).inputValue()).toBe('half a thought');
  });

  test("[item 16] the up arrow in an empty field edits the user's last message", { tags: ['wide'] }, async () => {
    const page = await openPage();
    await composer(page).focus();
    await page.keyboard.press('ArrowUp');
    await page.locator('.mode', { hasText: 'Editing message' }).waitFor();
    expect(await composer(page).inputValue()).toBe('核对完了');
    await page.keyboard.press('Escape');
    await page.keyboard.type('draft');
    await page.keyboard.press('ArrowUp');
    expect(await page.locator('.mode').count()).toBe(0);
  });

  test('messages can be pinned, deleted for everyone or for oneself; a deleted text can be edited again', {
    tags: ['wide'],
  }, async () => {
    const page = await openPage();
    await choose(page, 'm3', 'Unpin');
    await choose(page, 'm9', 'Delete for everyone');
    await choose(page, 'm6', 'Delete for me');
    expect(await callsOf(page, 'pin')).toEqual(['pin m3 false']);
    expect(await callsOf(page, 'recall')).toEqual(['recall m9']);
    expect(await callsOf(page, 'hide')).toEqual(['hide m6']);
    await row(page, 'm4').focus();
    await row(page, 'm4').getByRole('button', { name: 'More actions' }).press('Enter');
    await page.getByRole('menu').waitFor();
    expect(await page.getByRole('menuitem', { name: 'Delete for everyone' }).count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Edit and resend' }).click();
    expect(await composer(page).inputValue()).toBe('发错群了');
  });

  test('[item 5] chosen or pasted files wait in the tray, can be removed, and are sent with Enter', async () => {
    const page = await openPage();
    const file = (name: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from('bytes') });
    await page.locator('input[type="file"]').setInputFiles([file('one.txt'), file('two.txt')]);
    await page.getByRole('button', { name: 'Remove one.txt' }).click();
    await composer(page).evaluate((field) => {
      const data = new DataTransfer();
      data.items.add(new File(['x'], 'shot.png', { type: 'image/png' }));
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    });
    await page.getByRole('button', { name: 'Remove shot.png' }).waitFor();
    await composer(page).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => callsOf(page, 'send')).toEqual(['send  quote  files 2']);
    expect(await page.locator('.tray').count()).toBe(0);
  });

  test('[item 6] the whole conversation accepts dropped files, refuses a folder with a notice, and a drop next to it does not navigate', {
    tags: ['wide'],
  }, async () => {
    const page = await openPage();
    const drag = (selector: string, name: string, folder = false) =>
      page
        .locator(selector)
        .first()
        .evaluate(
          (element, [type, isFolder]) => {
            const data = new DataTransfer();
            data.items.add(new File(['x'], 'dropped.txt'));
            if (isFolder)
              DataTransferItem.prototype.webkitGetAsEntry = () => ({ isDirectory: true }) as FileSystemEntry;
            const event = new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true });
            return element.dispatchEvent(event) ? 'left to the browser' : 'taken';
          },
          [name, folder] as const,
        );
    expect(await drag('.log article', 'dragover')).toBe('taken');
    await page.getByText('Drop files to add them').waitFor();
    expect(await drag('.log article', 'drop')).toBe('taken');
    await page.getByRole('button', { name: 'Remove dropped.txt' }).waitFor();
    expect(await page.getByText('Drop files to add them').count()).toBe(0);
    expect(await drag('.list', 'drop')).toBe('taken');
    expect(await drag('.log article', 'drop', true)).toBe('taken');
    await page.getByRole('alert').getByText('Folders can’t be sent').waitFor();
    expect(await page.locator('.tray li').count()).toBe(1);
  });

  test('[item 7] a failed upload is shown apart, is retried on demand, and before its message is sent', {
    tags: ['wide'],
  }, async () => {
    const page = await openPage();
    const refuse = () => page.evaluate(() => Object.assign(window.fixture, { uploadsToFail: 1 }));
    await refuse();
    await page
      .locator('input[type="file"]')
      .setInputFiles([{ name: 'tides.txt', mimeType: 'text/plain', buffer: Buffer.from('bytes') }]);
    await page.getByRole('alert').getByText('The upload didn’t finish. Try again').waitFor();
    await refuse();
    await page.getByRole('button', { name: 'Upload tides.txt again' }).click();
    await page.getByText('Upload failed').waitFor();
    await composer(page).press('Enter');
    await expect.poll(() => callsOf(page, 'send')).toEqual(['send  quote  files 1']);
    expect(await page.locator('.tray').count()).toBe(0);
    expect(await page.getByRole('alert').filter({ hasText: /./ }).count()).toBe(0);
  });

  test('[item 7] uploads continue after leaving the conversation; a waiting message is sent once they end, and signing out cancels them', {
    tags: ['wide'],
  }, async () => {
    const page = await openPage();
    const choose = (name: string) =>
      page
        .locator('input[type="file"]')
        .setInputFiles([{ name, mimeType: 'text/plain', buffer: Buffer.from('bytes') }]);
    const hold = () =>
      page.evaluate(() => {
        window.fixture.uploadsEnd = new Promise((done, fail) => {
          addEventListener('uploads end', () => done(), { once: true });
          addEventListener('uploads fail', () => fail({ code: 'quota_exceeded' }), { once: true });
        });
      });
    const elsewhere = 102;
    const goTo = async (conversation: number) => {
      await page.evaluate((id) => location.assign(`#/c/${id}`), conversation);
      const name = conversation === elsewhere ? 'Tomás Reyes' : '东滩秋季同步调查';
      await page.getByRole('region', { name, exact: true }).waitFor();
      await composer(page).waitFor();
    };
    const dispatch = (name: string) => page.evaluate((event) => dispatchEvent(new Event(event)), name);
    const chosen = (name: string) => page.getByRole('button', { name: `Remove ${name}` });

    await hold();
    await choose('tides.txt');
    await row(page, 'm4').focus();
    await row(page, 'm4').getByRole('button', { name: 'Reply', exact: true }).press('Enter');
    await composer(page).fill('look');
    await composer(page).press('Enter');
    await composer(page).pressSequentially(' and more');
    const left = await page.evaluateHandle((id) => window.fixture.timelines.get(id)!, survey);
    const sent = () => left.evaluate(({ calls: all }) => all.filter((call) => call.startsWith('send')));
    await goTo(elsewhere);
    expect(await page.locator('.tray').count()).toBe(0);
    await goTo(survey);
    await chosen('tides.txt').waitFor();
    expect(await composer(page).inputValue()).toBe('look and more');
    await goTo(elsewhere);
    expect(await sent()).toEqual([]);
    await dispatch('uploads end');
    await expect.poll(sent).toEqual(['send look quote m4 files 1']);
    await goTo(survey);
    expect(await composer(page).inputValue()).toBe('and more');
    expect(await page.locator('.tray').count()).toBe(0);

    await hold();
    await choose('counts.txt');
    await chosen('counts.txt').waitFor();
    await goTo(elsewhere);
    await dispatch('uploads fail');
    await goTo(survey);
    await page.getByText('Upload failed').waitFor();
    await page.getByRole('alert').getByText('out of storage').waitFor();

    await hold();
    await page.getByRole('button', { name: 'Upload counts.txt again' }).click();
    await composer(page).press('Enter');
    await page.evaluate(() => window.fixture.set({ signedOut: true }));
    await page.locator('.sign-in').waitFor();
    expect(await page.evaluate(() => window.fixture.calls.filter((call) => call.startsWith('stopped')))).toEqual([
      'stopped counts.txt',
    ]);
  });
});
