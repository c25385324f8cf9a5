/** @module-tag wide: tests/chat-server tests roles; this is their way through the page. */
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from './person.js';
import { choose, composer, details, dialog, newGroup, row, settle, TwoPeople } from './two-people.js';

/* Groups and channels as owners, admins, members and readers use them, at a real server. */

let people: TwoPeople;
let ann: Person;
let bo: Person;

beforeAll(async () => {
  people = await TwoPeople.meet();
  ({ ann, bo } = people);
});

afterAll(() => people?.end());

/** Sets a picture in the dialog of a group. */
async function givePicture(person: Person): Promise<void> {
  const form = dialog(person).getByRole('form', { name: 'Photo and name' });
  const png = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#07a' } })
    .png()
    .toBuffer();
  await form.locator('input[type="file"]').setInputFiles({ name: 'bay.png', mimeType: 'image/png', buffer: png });
  await form.getByRole('button', { name: 'Save' }).click();
  await form.getByRole('status').getByText('Saved').waitFor();
}

describe('groups', () => {
  it('actions that a role does not allow are disabled', async () => {
    await newGroup(ann, 'Harbour', ['Bo']);
    await row(bo, 'Harbour').click();
    await details(bo).getByText('Owner', { exact: true }).waitFor();
    await details(bo).getByRole('button', { name: 'Actions for Ann' }).click();
    for (const item of ['Make admin', 'Make read-only', 'Transfer ownership', 'Remove'])
      expect(await bo.page.getByRole('menuitem', { name: item }).getAttribute('aria-disabled'), item).toBe('true');
    await bo.page.keyboard.press('Escape');
    await settle(ann, 'Bo', 'Make read-only');
    await bo.page.getByText('You’re read-only here, so you can’t post.').waitFor();
    expect(await details(bo).getByRole('button', { name: 'Add people', exact: true }).isDisabled()).toBe(true);
    await settle(ann, 'Bo', 'Make admin');
    await composer(bo).waitFor();
    await details(bo).getByText('Admin', { exact: true }).waitFor();
  });

  it('an admin changes the permissions; a member can read them', async () => {
    await details(bo).getByRole('button', { name: 'Manage' }).click();
    await dialog(bo).getByRole('radiogroup', { name: 'Who can post' }).getByRole('radio', { name: 'Admins' }).click();
    await dialog(bo)
      .getByRole('radiogroup', { name: 'Who can post' })
      .getByRole('radio', { name: 'Admins', checked: true })
      .waitFor();
    await givePicture(bo);
    for (const part of ['.conversation[aria-current]', '.details .top'])
      await ann.page.locator(`${part} .avatar img[data-state="there"]`).waitFor();
    await ann.page.locator('.service', { hasText: 'Bo changed the photo' }).waitFor();
    await dialog(bo).getByLabel('Group name').fill('Old harbour');
    await dialog(bo).getByRole('button', { name: 'Save' }).click();
    await ann.page.getByRole('heading', { level: 1, name: 'Old harbour' }).waitFor();
    await bo.page.keyboard.press('Escape');
    await settle(ann, 'Bo', 'Make member');
    await bo.page.getByText('Only admins can post here.').waitFor();
    await details(bo).getByRole('button', { name: 'Manage' }).click();
    await dialog(bo).getByText('Only admins can change this.').waitFor();
    expect(await dialog(bo).getByText('Who can postAdmins').count()).toBe(1);
    expect(await dialog(bo).getByRole('radio').count()).toBe(0);
    expect(await dialog(bo).getByRole('button', { name: 'Remove photo' }).count()).toBe(0);
    expect(await dialog(bo).getByRole('button', { name: 'Create link' }).count()).toBe(0);
    await bo.page.keyboard.press('Escape');
  });

  it('the owner transfers ownership, cannot be removed by a member, and leaves', async () => {
    await settle(ann, 'Bo', 'Transfer ownership');
    await dialog(ann).getByRole('button', { name: 'Transfer ownership' }).click();
    await details(bo).locator('li', { hasText: 'You' }).getByText('Owner', { exact: true }).waitFor();
    await settle(bo, 'Ann', 'Remove');
    await dialog(bo).getByRole('button', { name: 'Remove' }).click();
    await ann.page.locator('.ended', { hasText: 'You were removed' }).waitFor();
    await details(bo).getByRole('button', { name: 'More', exact: true }).click();
    await bo.page.getByRole('menuitem', { name: 'Leave group' }).click();
    await dialog(bo).getByRole('button', { name: 'Leave' }).click();
    await expect.poll(() => bo.page.url()).not.toContain('#/c/');
    await choose(bo, 'Old harbour', 'Hide until the next message');
    await expect.poll(() => row(bo, 'Old harbour').count()).toBe(0);
  });

  it('an invitation link expires and has a limit, admits a person, and can be revoked', async () => {
    await newGroup(ann, 'Garden');
    await details(ann).getByRole('button', { name: 'Manage' }).click();
    const form = dialog(ann).getByRole('form', { name: 'Invite links' });
    await form.getByRole('radiogroup', { name: 'People' }).getByRole('radio', { name: '1', exact: true }).click();
    await form.getByRole('button', { name: 'Create link' }).click();
    const link = (await form.getByText('#join/').textContent()) ?? '';
    await dialog(ann).getByText('0 of 1 joined').waitFor();

    await bo.page.goto(link);
    await dialog(bo).getByText('Garden').waitFor();
    expect(bo.page.url()).not.toContain('join');
    await dialog(bo).getByRole('button', { name: 'Join' }).click();
    await bo.page.getByRole('heading', { level: 1, name: 'Garden' }).waitFor();
    await bo.say('thank you');

    await form.getByRole('button', { name: 'Create link' }).click();
    await dialog(ann).getByText('0 joined').or(dialog(ann).getByText('0 of 1 joined')).first().waitFor();
    await dialog(ann).getByRole('button', { name: 'Revoke' }).last().click();
    await expect.poll(() => dialog(ann).getByRole('button', { name: 'Revoke' }).count()).toBeLessThan(2);
    await ann.page.keyboard.press('Escape');
    await ann.sees('thank you');
  });

  it('an invalid link shows so', async () => {
    const cy = await people.arrive('Cy', `#join/1/${'0'.repeat(32)}`);
    await cy.register(dialog(cy));
    await dialog(cy).getByText('This doesn’t exist').waitFor();
    await cy.page.context().close();
  });
});

it('an owner deletes a group for everyone, after a confirmation that names it', async () => {
  await newGroup(ann, 'Lighthouse', ['Bo']);
  await ann.say('the lamp is lit');
  await row(bo, 'Lighthouse').click();
  await bo.sees('the lamp is lit');
  await row(bo, 'Lighthouse').click({ button: 'right' });
  await bo.page.getByRole('menuitem', { name: 'Leave group' }).waitFor();
  expect(await bo.page.getByRole('menuitem', { name: 'Delete group' }).count()).toBe(0);
  await bo.page.keyboard.press('Escape');
  await choose(ann, 'Lighthouse', 'Delete group');
  await dialog(ann).getByText('Delete “Lighthouse” for everyone?').waitFor();
  await dialog(ann).getByRole('button', { name: 'Delete for everyone' }).click();
  await expect.poll(() => ann.page.url()).not.toContain('#/c/');
  await bo.page.locator('.ended', { hasText: 'This conversation was deleted' }).waitFor();
});

describe('channels', () => {
  it('a channel is created, found by others and read; a reader cannot write', async () => {
    await ann.page.getByRole('button', { name: 'New conversation' }).first().click();
    await dialog(ann).getByRole('button', { name: 'New channel' }).click();
    await dialog(ann).getByLabel('Channel name').fill('Tides');
    await dialog(ann).getByRole('switch', { name: 'Anyone can join' }).click();
    await dialog(ann).getByRole('button', { name: 'Create channel' }).click();
    await ann.page.getByRole('heading', { level: 1, name: 'Tides' }).waitFor();
    await ann.say('high water 11:20');
    await details(ann).getByRole('button', { name: 'Manage' }).click();
    await givePicture(ann);
    await ann.page.keyboard.press('Escape');

    await bo.page.getByRole('button', { name: 'New conversation' }).first().click();
    await dialog(bo).getByRole('button', { name: 'Browse groups and channels' }).click();
    await dialog(bo).getByLabel('Name or invite link').fill('tid');
    await dialog(bo).locator('.outline .avatar img[data-state="there"]').waitFor();
    await dialog(bo).getByRole('button', { name: 'Join Tides' }).click();
    await bo.page.getByRole('heading', { level: 1, name: 'Tides' }).waitFor();
    await bo.page.getByText('You’re read-only here, so you can’t post.').waitFor();
    await details(bo).getByText('Read-only', { exact: true }).waitFor();
    await ann.say('low water 17:40');
    await bo.sees('low water 17:40');
    await choose(bo, 'Tides', 'Leave channel');
    await dialog(bo).getByRole('button', { name: 'Leave' }).click();
    await details(ann).getByText('1 member').waitFor();
  });
});

it('no page reported an error', () => {
  expect([...ann.problems, ...bo.problems]).toEqual([]);
});
