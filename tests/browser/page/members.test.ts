import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { openFixture } from './fixture-page.js';

const memberNames = (page: Page) => page.getByRole('list', { name: 'Members' }).locator('bdi').allTextContents();

/**
 * Opens a group of 1,000 members, of which the server returns 200 at a time; after `failAt` it fails until 'fixed' is
 * called.
 */
async function openedLarge(failAt: number | null = null): Promise<Page> {
  const { page } = await openFixture('?view=talks&lang=en');
  await page.evaluate((broken) => {
    const { fixture } = window;
    const everyone = new Map(
      Array.from({ length: 1_200 }, (_, index) => {
        const id = 1_000 + index;
        return [id, { id, name: `user${id}`, displayName: `Person ${id}` }];
      }),
    );
    const personOf = fixture.person.bind(fixture);
    fixture.person = (id) => everyone.get(id) ?? personOf(id);
    fixture.members = async (_id?: number, after?: number | null) => {
      const from = Math.max(0, (after ?? 1_000) - 999);
      if (broken !== null && from >= broken && !fixture.calls.includes('fixed')) throw { code: 'offline' };
      fixture.calls.push(`members ${from}`);
      const members = Array.from({ length: 200 }, (_, index) => {
        const id = 1_000 + from + index;
        return { person: fixture.person(id), role: 'member' as const };
      });
      return { members, more: from + 200 < 1_000 };
    };
    fixture.change(13, { memberCount: 1_000, membersAt: 2 });
  }, failAt);
  await expect.poll(async () => (await memberNames(page)).length).toBe(200);
  return page;
}

describe('the members of a large group', () => {
  test('members beyond the listed ones are found by name, and the list stays as it was', {
    tags: ['wide'],
  }, async () => {
    const page = await openedLarge();
    const find = page.getByLabel('Search members');
    await find.fill('person 1987');
    await expect.poll(() => memberNames(page)).toEqual(['Person 1987']);
    await find.fill('nobody at all');
    await page.getByText('Searched 1000 of 1000').waitFor();
    await find.fill('');
    await expect.poll(async () => (await memberNames(page)).length).toBe(200);
  });

  test('a failed search for members shows a notice and can be repeated', { tags: ['wide'] }, async () => {
    const page = await openedLarge(600);
    await page.getByLabel('Search members').fill('person 1987');
    const again = page.getByRole('button', { name: 'Searched 600. Keep searching' });
    await again.waitFor();
    await page
      .getByRole('alert')
      .getByText(/can’t reach the server|try again/i)
      .waitFor();
    await page.evaluate(() => window.fixture.calls.push('fixed'));
    await again.click();
    await expect.poll(() => memberNames(page)).toEqual(['Person 1987']);
  });
});
