import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { openFixture } from './fixture-page.js';

const wire = (page: Page) => page.locator('.wire');
const words = async (page: Page) => (await page.locator('.wire .words').allInnerTexts()).join('');
/** Returns what screen readers are told of the wire. */
const announcement = (page: Page) => page.locator('.wire [role="status"]').textContent();

describe('the wire', () => {
  test('the wire shows no text while all is well, and is 30 px high in every state', { tags: ['wide'] }, async () => {
    const { page } = await openFixture('?lang=en');
    expect(await wire(page).getAttribute('data-state')).toBe('fine');
    expect(await page.locator('.wire .words').count()).toBe(0);
    expect(await announcement(page)).toBe('');
    for (const scene of ['stream', 'poll', 'slow', 'again', 'blocked', 'cut'] as const) {
      await page.evaluate((next) => window.fixture.wire(next), scene);
      await page.locator(`.wire[data-state="${scene}"]`).waitFor();
      expect(await wire(page).evaluate((row) => row.getBoundingClientRect().height)).toBe(30);
    }
  });

  test('the wire shows each state in plain words, in both languages', async () => {
    for (const [language, slow, again, cut, blocked] of [
      [
        'en',
        /Slow connection\s+messages take about a second\s+Why\?/,
        /Reconnecting…\s+keep writing, messages send when you’re back/,
        /Offline\s+messages are saved on this device\s+retrying in \d s\s+Try now/,
        /Can’t send\s+this network blocks what you send. It’s saved here; try another network\s+Why\?/,
      ],
      [
        'zh',
        /连接较慢\s+消息约 1 秒后到达\s+原因/,
        /正在重新连接……\s+可以继续写，连上后自动发送/,
        /已离线\s+消息先保存在本机\s+\d 秒后重试\s+立即重试/,
        /发不出去\s+当前网络拦截了要发送的内容。内容已保存，换个网络试试\s+原因/,
      ],
    ] as const) {
      const { page } = await openFixture(`?lang=${language}&wire=slow`);
      await expect.poll(() => words(page)).toMatch(slow);
      await page.evaluate(() => window.fixture.wire('again'));
      await expect.poll(() => words(page)).toMatch(again);
      await page.evaluate(() => window.fixture.wire('cut'));
      await expect.poll(() => words(page)).toMatch(cut);
      await page.evaluate(() => window.fixture.wire('blocked'));
      await expect.poll(() => words(page)).toMatch(blocked);
    }
  });

  test('[item 25] a loss shorter than two seconds is not mentioned', { tags: ['wide'] }, async () => {
    const { page } = await openFixture('?lang=en');
    await page.clock.install();
    // Later than any busy machine takes to get here.
    await page.clock.pauseAt(Date.now() + 3_600_000);
    await page.evaluate(() => {
      window.fixture.set({ connection: { state: 'reconnecting', since: Date.now(), attempts: [] } });
    });
    await page.clock.runFor(1_900);
    expect(await wire(page).getAttribute('data-state')).toBe('fine');
    expect(await page.locator('.wire .words').count()).toBe(0);
    await page.clock.runFor(200);
    await page.locator('.wire[data-state="again"]').waitFor();
  });

  test('[item 36] the wire announces each change once; the countdown is silent', { tags: ['wide'] }, async () => {
    const { page } = await openFixture('?lang=en');
    await page.evaluate(() => {
      const heard: string[] = [];
      Object.assign(window, { heard });
      const region = document.querySelector('.wire [role="status"]')!;
      new MutationObserver(() => heard.push(region.textContent ?? '')).observe(region, {
        childList: true,
        characterData: true,
        subtree: true,
      });
    });
    for (const scene of ['cut', 'again', 'cut', 'fine'] as const) {
      await page.evaluate((next) => window.fixture.wire(next), scene);
      await page.locator(`.wire[data-state="${scene}"]`).waitFor();
      if (scene === 'cut') {
        const before = await page.locator('.wire .words .num').textContent();
        await expect.poll(() => page.locator('.wire .words .num').textContent()).not.toBe(before);
      }
    }
    const heard = () => page.evaluate(() => (window as unknown as { heard: string[] }).heard);
    await expect
      .poll(heard)
      .toEqual([
        'Offline messages are saved on this device',
        'Reconnecting keep writing, messages send when you’re back',
        'Reconnected',
      ]);
  });

  test('"Try now" tries now', { tags: ['wide'] }, async () => {
    const { page } = await openFixture('?lang=en&wire=cut');
    await page.getByRole('button', { name: 'Try now' }).click();
    expect(await page.evaluate(() => window.fixture.calls)).toContain('retryNow');
  });

  test('"Why?" shows the transport in use, what was tried and how it failed, and copies a report', {
    tags: ['wide'],
  }, async () => {
    const { page } = await openFixture('?lang=en&wire=slow', { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.getByRole('button', { name: 'Why?' }).click();
    const why = page.getByRole('dialog', { name: 'Why is the connection slow?' });
    await why.waitFor();
    const text = (await why.allInnerTexts()).join('');
    expect(text).toContain('Long polling, 1040 ms');
    expect(text).toMatch(/WebSocket \(blocked, [^)]+\), Event stream \(buffered, [^)]+\)/);
    expect(text).toContain('Next attempt');
    await why.getByRole('button', { name: 'Try now' }).click();
    expect(await page.evaluate(() => window.fixture.calls)).toContain('retryNow');
    await why.getByRole('button', { name: 'Copy diagnostics' }).click();
    await why.getByRole('button', { name: 'Copied' }).waitFor();
    const report = await page.evaluate(() => navigator.clipboard.readText());
    expect(report).toContain('transport: long-poll');
    expect(report).toContain('tried: websocket blocked');
    expect(report).not.toContain('fixture"');
  });

  test('a transport can be forced in the settings, and the choice is stored', { tags: ['wide'] }, async () => {
    const { page } = await openFixture('?lang=en');
    await page.getByRole('button', { name: /^Connection: Live 24 ms/ }).click();
    await page.getByRole('radio', { name: 'Long polling' }).click();
    expect(await page.evaluate(() => window.fixture.calls)).toContain('useTransport long-poll');
    await page.getByRole('radio', { name: 'Automatic' }).click();
    expect((await page.evaluate(() => window.fixture.calls)).at(-1)).toBe('useTransport null');
  });

  test('the text of the connection can be switched on permanently', { tags: ['wide'] }, async () => {
    const { page } = await openFixture('?lang=en');
    await page.getByRole('button', { name: /^Connection/ }).click();
    await page.getByRole('radio', { name: 'Always' }).click();
    await page.keyboard.press('Escape');
    await expect.poll(() => words(page)).toMatch(/Live\s+WebSocket, 24 ms/);
  });

  test('[item 34] typing is shown on the wire and moves nothing', { tags: ['wide'] }, async () => {
    const { page } = await openFixture('?lang=en');
    const place = () => page.locator('[data-composer]').evaluate((field) => field.getBoundingClientRect().top);
    const before = await place();
    await page.evaluate(() => window.fixture.typing(13, [{ id: 6, name: 'chenmo', displayName: '陈默' }]));
    await page.getByText('陈默 is typing').first().waitFor();
    expect(await place()).toBe(before);
    const noor = { id: 9, name: 'noor', displayName: 'نور الهاشمي' };
    await page.evaluate((person) => window.fixture.typing(13, [person]), noor);
    const said = page.locator('.typing').getByText('نور الهاشمي is typing');
    expect(await said.evaluate((element) => getComputedStyle(element).direction)).toBe('ltr');
  });

  test('[principle 2] when the connection is lost, presence is shown as of before the cut', {
    tags: ['wide'],
  }, async () => {
    const { page } = await openFixture('?lang=en');
    await page.getByText('9 people, 4 online').waitFor();
    await page.evaluate(() => window.fixture.wire('cut'));
    await page
      .locator('.pane-header')
      .getByText(/^9 people$/)
      .waitFor();
    await page.getByRole('complementary').getByText('Was online').first().waitFor();
    expect(await page.locator('.avatar.here').count()).toBe(0);
    expect(await page.locator('.avatar.was').count()).toBeGreaterThan(0);
  });
});

describe('messages for a screen reader', () => {
  test("[item 36] [pain 25] new messages of others are announced once by name and text, files by their names; not history, not the user's own", async () => {
    const { page } = await openFixture('?lang=en');
    await page.getByRole('article', { name: /收到/ }).waitFor();
    const log = page.getByRole('log');
    expect(await log.textContent()).toBe('');
    await page.evaluate(() => window.fixture.receive(13, '到了'));
    await expect.poll(() => log.textContent()).toBe('林晚: 到了');
    await page.getByRole('textbox', { name: 'Message', exact: true }).fill('mine');
    await page.keyboard.press('Enter');
    await page.getByRole('article', { name: /mine/ }).waitFor();
    expect(await log.textContent()).toBe('林晚: 到了');
    await page.evaluate(() => {
      const { timelines } = window.fixture;
      const received = timelines
        .get(13)!
        .getSnapshot()
        .rows.find((row) => row.type === 'message' && !row.own);
      if (received?.type !== 'message') throw new Error('nothing was received');
      const files = [{ id: 'f'.repeat(32), name: 'tides.xlsx', kind: 'file', type: 'text/plain', size: 1 }] as const;
      timelines.get(13)!.add({ ...received, key: 'with a file', text: '', files });
    });
    await expect.poll(() => log.textContent()).toContain(': tides.xlsx');
  });

  test('[gap] missing history is fetched when it comes into view, and what is being read stays in place', {
    tags: ['wide'],
  }, async () => {
    const { page } = await openFixture('?view=long&lang=en');
    await page.getByRole('article', { name: /#460/ }).waitFor();
    await page.evaluate(() => {
      const timeline = window.fixture.timelines.get(13)!;
      const { rows } = timeline.getSnapshot();
      timeline.gaps.set('gap', rows.slice(20, 40));
      timeline.set({ rows: [...rows.slice(0, 20), { type: 'gap', key: 'gap', loading: false }, ...rows.slice(40)] });
    });
    expect(await page.evaluate(() => window.fixture.timelines.get(13)!.calls)).not.toContain('fillGap gap');
    await page.locator('.log-frame > .scroll').hover();
    for (let step = 0; step < 12; step++) {
      await page.mouse.wheel(0, -100);
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    }
    await expect.poll(() => page.evaluate(() => window.fixture.timelines.get(13)!.calls)).toContain('fillGap gap');
    await expect.poll(() => page.evaluate(() => window.fixture.timelines.get(13)!.getSnapshot().rows.length)).toBe(60);
  });
});
