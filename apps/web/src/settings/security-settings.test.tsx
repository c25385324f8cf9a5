// @vitest-environment happy-dom
import type { AccountClient, OwnAccount } from '@everywire/chat-client';
import { act, fireEvent } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { me } from '../../fixtures/cast.js';
import { AccountContext } from '../app/account-context.js';
import { en } from '../i18n/en.js';
import { chatWith, renderInPage } from '../test-kit/render-in-page.js';
import { SecuritySettings } from './security-settings.js';

const own: OwnAccount = {
  me,
  role: 'member',
  email: '',
  hasPassword: true,
  secondFactor: false,
  recoveryCodesLeft: 0,
};

/** Renders the settings of a user who has just turned on the second factor. */
async function turnedOn() {
  let secondFactor = false;
  const account: Partial<AccountClient> = {
    read: vi.fn(async () => ({ ...own, secondFactor })),
    devices: async () => [],
    beginSecondFactor: async () => ({ secret: 'ABCDEFGH', uri: 'otpauth://totp/everywire?secret=ABCDEFGH' }),
    confirmSecondFactor: async () => {
      secondFactor = true;
      return ['first-code', 'second-code'];
    },
  };
  const chat = chatWith();
  const view = renderInPage(
    <AccountContext value={account as AccountClient}>
      <SecuritySettings />
    </AccountContext>,
    chat,
  );
  await act(async () => undefined);
  const press = async (name: string) => {
    fireEvent.click(view.getByRole('button', { name }));
    await act(async () => undefined);
  };
  fireEvent.change(view.getByLabelText(en.currentPassword), { target: { value: 'secret' } });
  await press(en.turnOn);
  fireEvent.change(view.getByLabelText(en.secondFactorCode), { target: { value: '123456' } });
  await press(en.turnOn);
  return { ...view, chat, press };
}

test('the recovery codes stay visible until the user confirms them, even if the connection is lost and returns', async () => {
  const { chat, press, queryByText, getByRole } = await turnedOn();
  expect(queryByText('first-code')).not.toBeNull();
  const { connection } = chat.getSnapshot();
  for (const now of [{ ...connection, state: 'reconnecting', since: 0, attempts: [] } as typeof connection, connection])
    await act(async () => chat.set({ connection: now }));
  expect(queryByText('second-code')).not.toBeNull();
  await press(en.codesSaved);
  expect([queryByText('first-code'), getByRole('button', { name: en.turnOff }).textContent]).toEqual([
    null,
    en.turnOff,
  ]);
});
