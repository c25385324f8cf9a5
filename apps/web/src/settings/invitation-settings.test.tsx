// @vitest-environment happy-dom
import type { AccountClient, Invitation, OwnAccount } from '@everywire/chat-client';
import { act, fireEvent } from '@testing-library/react';
import { expect, test } from 'vitest';
import { me } from '../../fixtures/cast.js';
import { AccountContext } from '../app/account-context.js';
import { en } from '../i18n/en.js';
import { chatWith, renderInPage } from '../test-kit/render-in-page.js';
import { InvitationSettings } from './invitation-settings.js';

const own: OwnAccount = {
  me,
  role: 'member',
  email: '',
  hasPassword: true,
  secondFactor: false,
  recoveryCodesLeft: 0,
};

function invitation(number: number): Invitation {
  const times = { createdAt: number * 60_000, expiresAt: 1_800_000_000_000 };
  return {
    id: String(number),
    kind: 'guest',
    label: number === 1 ? 'Volunteers' : '',
    by: me.id,
    ...times,
    usesMax: 10,
    uses: 0,
  };
}

/** Renders the settings of a user with five invitations, which the server lists in pages of two. */
async function settings() {
  let held = [0, 1, 2, 3, 4].map(invitation);
  const account: Partial<AccountClient> = {
    read: async () => own,
    invitations: async (after = null) => {
      const left = held.filter(({ id }) => after === null || id > after);
      const invitations = left.slice(0, 2);
      return { invitations, next: left.length > 2 ? (invitations.at(-1)?.id ?? null) : null };
    },
    endInvitation: async (id) => {
      held = held.filter((kept) => kept.id !== id);
    },
  };
  const view = renderInPage(
    <AccountContext value={account as AccountClient}>
      <InvitationSettings />
    </AccountContext>,
    chatWith(),
  );
  const settle = () => act(async () => undefined);
  await settle();
  const press = async (button: HTMLElement | undefined) => {
    if (button === undefined) throw new Error('no such button');
    fireEvent.click(button);
    await settle();
  };
  return { ...view, press };
}

test('invitations are listed page by page, and the next one moves up when one is revoked', async () => {
  const { getAllByRole, getByText, queryByText, press } = await settings();
  const count = () => getAllByRole('button', { name: en.endInvitation }).length;
  expect(count()).toBe(2);
  await press(getByText(en.moreInvitations));
  expect(count()).toBe(4);
  await press(getAllByRole('button', { name: en.endInvitation })[0]);
  expect([count(), queryByText(en.moreInvitations)]).toEqual([4, null]);
});

test('invitations are distinguished by their time and name', async () => {
  const { getAllByRole } = await settings();
  const said = getAllByRole('listitem').map((item) => item.querySelector('span')?.textContent ?? '');
  expect(new Set(said.map((line) => line.replace(/^Volunteers/, en.inviteGuest))).size).toBe(said.length);
  expect(said[1]).toContain('Volunteers');
});
