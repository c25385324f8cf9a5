// @vitest-environment happy-dom
import type { ServerInfo } from '@everywire/chat-client';
import { act, cleanup, fireEvent } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Backend } from '../app/backend.js';
import { pageHistory } from '../app/page-history.js';
import { en } from '../i18n/en.js';
import { renderInPage } from '../test-kit/render-in-page.js';
import { SignInForm } from './sign-in-form.js';

/** The callbacks of Back, the topmost layer last. */
let layers: (() => void)[];

beforeEach(() => {
  layers = [];
  vi.spyOn(pageHistory, 'openLayer').mockImplementation((onBack) => {
    layers.push(onBack);
    return () => void layers.splice(layers.indexOf(onBack), 1);
  });
});
afterEach(() => vi.restoreAllMocks());

const terns = { kind: 'group', name: 'Terns', memberCount: 3, by: 'Ann' } as const;

const show = (place: Partial<ServerInfo> | null = null, lookAtGroup: () => Promise<unknown> = async () => terns) => {
  const askReset = async () => undefined;
  const backend = { host: 'x', links: { askReset, lookAtGroup } } as unknown as Backend;
  const view = renderInPage(
    <SignInForm
      backend={backend}
      place={place && ({ name: 'Yard', runBy: '', registration: 'open', ...place } as ServerInfo)}
      ended={false}
      onSignedIn={() => undefined}
    />,
  );
  return { press: (name: string) => fireEvent.click(view.getByRole('button', { name })), view };
};

test.each([
  ['a forgotten password', en.forgotPassword],
  ['registering', en.toRegister],
])('Back returns from %s to the sign-in form with the typed text', (_what, opens) => {
  const { view, press } = show();
  fireEvent.change(view.getByLabelText(en.userName), { target: { value: 'ann' } });
  expect(layers).toEqual([]);
  press(opens);
  expect(view.queryByRole('button', { name: en.signIn })).toBeNull();
  expect(layers).toHaveLength(1);
  act(() => layers[0]?.());
  expect([(view.getByLabelText(en.userName) as HTMLInputElement).value, layers]).toEqual(['ann', []]);
  expect(view.getByRole('button', { name: en.signIn })).toBeDefined();
});

test.each([
  [undefined, '', en.resetAsked],
  ['mail', '', en.resetAsked],
  ['operator', en.resetByOperator, en.resetAskedOperator],
] as const)('the reset form promises no more than its delivery by %s allows', async (passwordReset, before, after) => {
  const { view, press } = show(passwordReset === undefined ? {} : { passwordReset });
  press(en.forgotPassword);
  expect(view.getByRole('status').textContent).toBe(before);
  fireEvent.change(view.getByLabelText(en.resetWho), { target: { value: 'ann' } });
  await act(async () => press(en.askReset[passwordReset ?? 'mail']));
  expect(view.getByRole('status').textContent).toBe(after);
});

test('a server that cannot send reset links does not ask for a name', () => {
  const { view, press } = show({ passwordReset: 'none' });
  press(en.forgotPassword);
  expect([view.getByRole('status').textContent, view.queryByRole('textbox')]).toEqual([en.resetNowhere, null]);
});

test('before there is an administrator, the form mentions the set-up link in the terminal', () => {
  expect(show({ hasAdministrator: false }).view.queryByText(en.setUpWaits)).not.toBeNull();
});

test.each([{ hasAdministrator: true }, {}, null])('with %j the form says nothing about an administrator', (place) => {
  expect(show(place).view.queryByText(en.setUpWaits)).toBeNull();
});

const followed = '/#join/12/0f1e2d3c4b5a69788796a5b4c3d2e1f0';

test.each([
  ['open', 'Register or sign in to join.', en.register],
  ['invitation', 'Sign in to join. Without an account you also need', en.signIn],
  ['closed', 'Sign in to join.', en.signIn],
] as const)(
  'with registration %s, a group link shows the group, who invites, and the ways in',
  async (registration, how, button) => {
    history.replaceState(null, '', followed);
    const { view } = show({ registration });
    const shown = () => (view.container.textContent ?? '').replace(/[\u2068\u2069]/g, '');
    await vi.waitFor(() => expect(shown()).toContain('Terns'));
    expect(shown()).toContain('Ann invited you to join');
    expect(shown()).toContain(how);
    expect(view.getByRole('button', { name: button }).getAttribute('type')).toBe('submit');
    expect(view.queryAllByRole('button', { name: en.toRegister })).toEqual([]);
    // The link is kept over a reload, and not in the address.
    cleanup();
    expect([location.hash, show().view.container.textContent?.includes('opened an invite link')]).toEqual(['', true]);
    sessionStorage.clear();
  },
);

test('a group link that admits no one says so', async () => {
  history.replaceState(null, '', followed);
  const { view } = show({ registration: 'open' }, () =>
    Promise.reject(Object.assign(new Error(), { code: 'invite_ended' })),
  );
  await vi.waitFor(() => expect(view.container.textContent).toContain('This invite link no longer works'));
  sessionStorage.clear();
});

test.each([
  ['suspended', [false, true]],
  ['credentials_wrong', [true, false]],
])(
  'the likely reason for an ended sign-in is shown until signing in fails with `suspended`; here with %s',
  async (code, said) => {
    const signIn = () => Promise.reject(Object.assign(new Error(code), { code }));
    const view = renderInPage(
      <SignInForm
        backend={{ host: 'x', signIn } as unknown as Backend}
        place={null}
        ended={true}
        onSignedIn={() => undefined}
      />,
    );
    const isShown = (words: RegExp | string) => view.queryByText(words) !== null;
    const shown = () => [isShown(en.signedOutByServer), isShown(/account is suspended/)];
    expect(shown()).toEqual([true, false]);
    fireEvent.change(view.getByLabelText(en.userName), { target: { value: 'dora' } });
    fireEvent.change(view.getByLabelText(en.password), { target: { value: 'right' } });
    await act(async () => void fireEvent.click(view.getByRole('button', { name: en.signIn })));
    expect(shown()).toEqual(said);
  },
);
