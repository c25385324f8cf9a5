import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FixturePage, startFixturePage } from './fixture-page.js';

let fixture: FixturePage;
beforeAll(async () => {
  fixture = await startFixturePage();
});
afterAll(() => fixture.close());

describe('[item 33] searching', () => {
  test('is reached by the keyboard, marks what it found, and goes to the message', async () => {
    const { page } = await fixture.open('?lang=en');
    await page.locator('.find input').waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('狮子');
    const found = page.getByRole('region', { name: 'Messages', exact: true });
    await found.locator('mark').first().waitFor();
    expect(await found.locator('mark').first().textContent()).toBe('狮子');
    await found.locator('button.conversation').first().click();
    await page.waitForFunction(() => /^#\/c\/\d+/.test(location.hash));
  });

  test('says in Chinese that nothing was found', async () => {
    const { page } = await fixture.open('?lang=zh');
    await page.locator('.find input').fill('zzz');
    await page.getByText('没有找到“zzz”，试试更短的词。').waitFor();
  });
});
