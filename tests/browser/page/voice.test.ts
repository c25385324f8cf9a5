import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { silence } from './draw-files.js';
import { openFixture } from './fixture-page.js';

/** At least a second: a busy page may skip any particular second. */
const someTime = /^0:(0[1-9]|[1-5]\d)/;
const composer = (page: Page) => page.getByRole('textbox', { name: 'Message', exact: true });
const record = (page: Page) => page.getByRole('button', { name: 'Record voice message' });
const bar = (page: Page) => page.getByRole('group', { name: 'Recording…' });
/** Returns the calls by which the page has sent messages, with their arguments. */
const sendCalls = (page: Page) =>
  page.evaluate(() => window.fixture.timelines.get(13)!.calls.filter((call) => call.startsWith('send')));

/** Opens the page of made-up data, and waits until the composer is there. */
async function openPage(): Promise<Page> {
  const { page } = await openFixture('?view=rich&lang=en');
  await composer(page).waitFor();
  return page;
}

describe('[item 42] a voice message', () => {
  test('a voice message is recorded with its level and time, discarded with Esc, and sent with Enter', {
    tags: ['wide'],
  }, async () => {
    const page = await openPage();
    await record(page).click();
    await bar(page).getByText(someTime).waitFor();
    // The fake device beeps: the level shows it.
    await expect
      .poll(() =>
        bar(page)
          .locator('i')
          .evaluateAll((bars) => bars.some((one) => Number.parseFloat(one.style.blockSize) > 20)),
      )
      .toBe(true);
    await page.keyboard.press('Escape');
    await page.locator('[data-composer]:focus').waitFor();
    expect(await bar(page).count()).toBe(0);
    expect(await sendCalls(page)).toEqual([]);
    await record(page).click();
    await bar(page).getByText(someTime).waitFor();
    await expect
      .poll(() =>
        page.getByRole('button', { name: 'Send voice message' }).evaluate((one) => one === document.activeElement),
      )
      .toBe(true);
    await page.keyboard.press('Enter');
    await expect.poll(() => sendCalls(page)).toEqual(['send  quote  files 1']);
    await page.getByRole('group', { name: 'Voice message' }).waitFor();
    await expect.poll(() => composer(page).evaluate((field) => field === document.activeElement)).toBe(true);
  });

  test('a voice message whose upload failed is kept, and sent once uploaded', { tags: ['wide'] }, async () => {
    const page = await openPage();
    await page.evaluate(() => Object.assign(window.fixture, { uploadsToFail: 1 }));
    await record(page).click();
    await bar(page).getByText(someTime).waitFor();
    await page.getByRole('button', { name: 'Send voice message' }).click();
    await page.getByRole('button', { name: /^Upload voice .* again$/ }).waitFor();
    expect(await sendCalls(page)).toEqual([]);
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await expect.poll(() => sendCalls(page)).toEqual(['send  quote  files 1']);
  });

  test('a voice message continues to play in another conversation, where it can be stopped, and leads back', {
    tags: ['wide'],
  }, async () => {
    const page = await openPage();
    await page.route('**/api/files/**', (route) => route.fulfill({ contentType: 'audio/wav', body: silence(100) }));
    await record(page).click();
    await bar(page).getByText(someTime).waitFor();
    await page.keyboard.press('Enter');
    const player = page.getByRole('group', { name: 'Voice message' });
    await player.getByRole('button', { name: 'Play' }).click();
    await player.getByRole('button', { name: 'Pause' }).waitFor();
    await page.locator('[data-conversation="21"]').click();
    const away = page.getByRole('navigation').getByRole('region', { name: 'Voice message: You' });
    await away.getByText(someTime).waitFor();
    await away.getByRole('button', { name: 'Pause' }).click();
    await away.getByRole('button', { name: 'Play', exact: true }).click();
    // The fixture has forgotten the message; finding it again is tested in tests/browser/talk/voice.test.ts.
    await away.getByRole('button', { name: /^You/ }).click();
    await page.waitForFunction(() => location.hash === '#/c/13');
    await away.getByRole('button', { name: 'Stop playing' }).click();
    expect(await away.count()).toBe(0);
  });

  test('recording is not offered while there is text, and releases the device afterwards', {
    tags: ['wide'],
  }, async () => {
    const page = await openPage();
    await composer(page).fill('words');
    expect(await record(page).count()).toBe(0);
    await composer(page).fill('');
    await page.evaluate(() => {
      const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = async (wanted) => {
        const stream = await open(wanted);
        Object.assign(window, { stream });
        return stream;
      };
    });
    await record(page).click();
    await bar(page).getByRole('button', { name: 'Cancel recording' }).click();
    const states = () =>
      page.evaluate(() =>
        (window as unknown as { stream: MediaStream }).stream.getTracks().map((one) => one.readyState),
      );
    await expect.poll(states).toEqual(['ended']);
  });

  test('a blocked microphone shows why and what to do', { tags: ['wide'] }, async () => {
    const page = await openPage();
    const refuseWith = (name: string) =>
      page.evaluate((one) => {
        navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', one));
      }, name);
    await refuseWith('NotAllowedError');
    await record(page).click();
    await page
      .getByRole('alert')
      .getByText(/Microphone access is blocked/)
      .waitFor();
    await refuseWith('NotFoundError');
    await record(page).click();
    await page
      .getByRole('alert')
      .getByText(/^No microphone found/)
      .waitFor();
    expect(await bar(page).count()).toBe(0);
  });
});
