// @vitest-environment happy-dom
import type { FileRef } from '@everywire/chat';
import type { AccountClient, OwnAccount } from '@everywire/chat-client';
import { fireEvent, waitFor } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { me } from '../../fixtures/cast.js';
import { fixtureAccount } from '../../fixtures/fixture-account.js';
import { AccountContext } from '../app/account-context.js';
import { en } from '../i18n/en.js';
import { chatWith, renderInPage } from '../test-kit/render-in-page.js';
import { confirmEmailWordsOf } from './confirm-email-words.js';
import { ProfileSettings } from './profile-settings.js';

const own: OwnAccount = {
  me,
  role: 'member',
  email: '',
  hasPassword: false,
  secondFactor: false,
  recoveryCodesLeft: 0,
};
const confirmWords = confirmEmailWordsOf('en');
/** The changes that the page has sent to the server. */
let asked: unknown[];

beforeEach(() => {
  asked = [];
});

/** Renders the settings. `refusal` is the error code with which the server refuses a new name. */
function show(refusal: string | null = null) {
  const account: AccountClient = {
    ...fixtureAccount,
    changeProfile: async (profile) => {
      asked.push(profile);
      if (refusal !== null) throw { code: refusal };
      return me;
    },
    setAvatar: async (upload) => {
      asked.push(upload);
      return me;
    },
  };
  const upload = async () => ({ id: 'u1' }) as FileRef;
  const view = renderInPage(
    <AccountContext value={account}>
      <ProfileSettings own={own} passwordReset="mail" onChanged={() => undefined} />
    </AccountContext>,
    chatWith({ upload }),
  );
  const choose = () => {
    const file = new File(['picture'], 'me.png', { type: 'image/png' });
    const input = view.container.querySelector('input[type="file"]');
    if (input !== null) fireEvent.change(input, { target: { files: [file] } });
  };
  const rename = () => fireEvent.change(view.getByLabelText(en.displayName), { target: { value: 'Zhou' } });
  const save = () => fireEvent.click(view.getAllByRole('button', { name: en.save })[0] as HTMLElement);
  return { view, choose, rename, save };
}

const profile = { displayName: 'Zhou', status: me.status ?? '' };

test('one press saves a new picture and a new name', async () => {
  const { view, choose, rename, save } = show();
  rename();
  choose();
  save();
  await view.findByText(en.saved);
  expect(asked).toEqual([profile, 'u1']);
});

test('picture and name are saved separately, and unchanged ones are not saved', async () => {
  const named = show();
  named.rename();
  named.save();
  await waitFor(() => expect(asked).toEqual([profile]));
  named.view.unmount();
  asked = [];
  const pictured = show();
  pictured.save();
  pictured.choose();
  pictured.save();
  await pictured.view.findByText(en.saved);
  expect(asked).toEqual(['u1']);
});

test('a refused name shows the reason and keeps the chosen picture', async () => {
  const { view, choose, rename, save } = show('invalid');
  rename();
  choose();
  save();
  await view.findByRole('alert');
  expect(asked).toEqual([profile]);
  expect(view.getByText(en.avatarChosen('me.png'))).toBeDefined();
});

test('an unconfirmed address is confirmed with the code that was mailed', async () => {
  const account: AccountClient = {
    ...fixtureAccount,
    sendEmailCode: async () => void asked.push('send'),
    confirmEmail: async (code) => {
      asked.push(code);
      if (code !== 'ABCD') throw { code: 'code_wrong' };
    },
  };
  const page = (emailConfirmed: boolean | null) => (
    <AccountContext value={account}>
      <ProfileSettings
        own={{ ...own, hasPassword: true, email: 'me@example.org', emailConfirmed }}
        passwordReset="mail"
        onChanged={() => void asked.push('changed')}
      />
    </AccountContext>
  );
  const view = renderInPage(page(false), chatWith({}));
  expect(view.getByText(confirmWords.notConfirmed)).toBeDefined();
  fireEvent.click(view.getByRole('button', { name: confirmWords.send }));
  await view.findByText(confirmWords.sent);
  for (const code of ['nope', 'ABCD']) {
    fireEvent.change(view.getByLabelText(confirmWords.code), { target: { value: code } });
    fireEvent.click(view.getByRole('button', { name: confirmWords.confirm }));
    await waitFor(() => expect(asked).toContain(code));
    if (code === 'nope') await view.findByText(/Wrong or expired code/);
  }
  await waitFor(() => expect(asked).toEqual(['send', 'nope', 'ABCD', 'changed']));
  fireEvent.change(view.getByLabelText(new RegExp(`^${en.email}`)), { target: { value: 'other@example.org' } });
  expect(view.queryByText(confirmWords.notConfirmed)).toBeNull();
  view.unmount();
  expect(renderInPage(page(true), chatWith({})).getByText(confirmWords.confirmed)).toBeDefined();
});

test.each([null, undefined])('confirmation is not offered if the server does not use it (%s)', (emailConfirmed) => {
  const account = { ...own, hasPassword: true, email: 'me@example.org' };
  const known = emailConfirmed === undefined ? account : { ...account, emailConfirmed };
  const view = renderInPage(
    <AccountContext value={fixtureAccount}>
      <ProfileSettings own={known} passwordReset="mail" onChanged={() => undefined} />
    </AccountContext>,
    chatWith({}),
  );
  expect(view.queryByText(confirmWords.notConfirmed)).toBeNull();
  expect(view.queryByRole('button', { name: confirmWords.send })).toBeNull();
});

test.each([
  ['operator', '', confirmWords.byOperator, false],
  ['none', '', en.resetNowhere, false],
  // The address can be removed.
  ['operator', 'me@example.org', confirmWords.byOperator, true],
  ['mail', '', en.emailHint, true],
  [undefined, '', en.emailHint, true],
] as const)(
  'recovery promises a mail only if the server sends it (%s, "%s")',
  (passwordReset, email, text, hasField) => {
    const view = renderInPage(
      <AccountContext value={fixtureAccount}>
        <ProfileSettings
          own={{ ...own, hasPassword: true, email }}
          passwordReset={passwordReset}
          onChanged={() => undefined}
        />
      </AccountContext>,
      chatWith({}),
    );
    expect(view.getByText(text)).toBeDefined();
    expect(view.queryByLabelText(en.email) !== null).toBe(hasField);
  },
);

test('the focus stays in the field after Enter', async () => {
  const { view, rename } = show();
  const field = view.getByLabelText(en.displayName);
  field.focus();
  rename();
  fireEvent.submit(field);
  await view.findByText(en.saved);
  expect(document.activeElement).toBe(field);
});

test('after the save button is disabled by a press, the focus moves to the picture chooser', async () => {
  const { view, choose } = show();
  choose();
  const button = view.getAllByRole('button', { name: en.save })[0] as HTMLElement;
  fireEvent.click(button);
  // A dialog takes the focus when it is lost.
  view.container.tabIndex = -1;
  view.container.focus();
  await view.findByText(en.saved);
  expect(document.activeElement).toBe(view.getByRole('button', { name: en.chooseAvatar }));
});
