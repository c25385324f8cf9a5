// @vitest-environment happy-dom
import { ChatFailure, type LinkInfo } from '@everywire/chat-client';
import { act, fireEvent, screen } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { en } from '../i18n/en.js';
import { errorWords, sentence } from '../i18n/words.js';
import { fakeTimeouts } from '../test-kit/fake-timeouts.js';
import { renderInPage } from '../test-kit/render-in-page.js';
import { LinkPage } from './link-page.js';

const wait = fakeTimeouts();

const offline = () => Promise.reject(new ChatFailure('offline', true));
const ended = () => Promise.reject(new ChatFailure('link_ended', false));
const reset: LinkInfo = { kind: 'reset', by: null, expiresAt: 0 };

/** Renders the page of a password reset link. The server returns `answers` in turn, and the last one repeatedly. */
async function open(...answers: readonly (() => Promise<LinkInfo>)[]) {
  let asked = 0;
  const look = vi.fn(() => {
    asked += 1;
    return (answers[asked - 1] ?? answers.at(-1) ?? offline)();
  });
  const backend = { host: 'chat.example.org', links: { look }, place: offline } as never;
  const acts = { account: null, onSignedIn: vi.fn(), onDone: vi.fn() };
  const { unmount } = renderInPage(<LinkPage backend={backend} link={{ path: 'reset', secret: 'ewl_x' }} {...acts} />);
  await wait(0);
  const isOpen = () => screen.queryByRole('button', { name: en.setPassword }) !== null;
  return { look, isOpen, unmount, text: () => screen.getByRole('main').textContent ?? '' };
}

describe('the link page', () => {
  test('the link page retries while the server is unreachable', async () => {
    const { look, isOpen, text } = await open(offline, offline, () => Promise.resolve(reset));
    expect(text()).toContain(en.errors['offline']);
    await wait(2_000);
    expect([look.mock.calls.length, isOpen()]).toEqual([2, false]);
    await wait(3_999);
    expect(look).toHaveBeenCalledTimes(2);
    await wait(1);
    expect([look.mock.calls.length, isOpen()]).toEqual([3, true]);
    expect(text()).not.toContain(en.errors['offline']);
    await wait(60_000);
    expect(look).toHaveBeenCalledTimes(3);
  });

  test('the link page retries immediately when the browser goes online', async () => {
    const { look, isOpen } = await open(offline, () => Promise.resolve(reset));
    await act(async () => void dispatchEvent(new Event('online')));
    expect([look.mock.calls.length, isOpen()]).toEqual([2, true]);
    await act(async () => void dispatchEvent(new Event('online')));
    expect(look).toHaveBeenCalledTimes(2);
  });

  test('the link page does not retry for an expired link or after it is left', async () => {
    const over = await open(ended);
    await wait(60_000);
    await act(async () => void dispatchEvent(new Event('online')));
    expect([over.look.mock.calls.length, over.text().includes(en.linkEnded)]).toEqual([1, true]);
    over.unmount();
    const left = await open(offline);
    left.unmount();
    await wait(60_000);
    expect(left.look).toHaveBeenCalledTimes(1);
  });
});

describe('a person with an account who opens a link', () => {
  const ann = { me: { id: 7, name: 'ann', displayName: 'Ann' }, token: 'a' } as const;

  async function signInAt(kind: LinkInfo['kind'], claimSetUp = vi.fn<() => Promise<void>>(async () => undefined)) {
    const signIn = vi.fn(async () => ann);
    const backend = {
      host: 'chat.example.org',
      links: { look: async () => ({ kind, by: null, expiresAt: 0 }) },
      place: offline,
      signIn,
      account: () => ({ claimSetUp }),
    } as never;
    const onSignedIn = vi.fn();
    const acts = { account: null, onSignedIn, onDone: vi.fn() };
    renderInPage(<LinkPage backend={backend} link={{ path: 'join', secret: 'ewl_x' }} {...acts} />);
    await wait(0);
    fireEvent.click(screen.getByRole('button', { name: en.toSignIn }));
    fireEvent.change(screen.getByLabelText(en.userName), { target: { value: 'ann' } });
    fireEvent.change(screen.getByLabelText(en.password), { target: { value: 'secret' } });
    await act(async () => fireEvent.click(screen.getByRole('button', { name: en.signIn })));
    return { onSignedIn, claimSetUp, signIn };
  }

  test.each(['account', 'guest'] as const)(
    'a person with an account can sign in on the page of a link for %s',
    async (kind) => {
      const { onSignedIn, claimSetUp } = await signInAt(kind);
      expect([onSignedIn.mock.calls, claimSetUp.mock.calls]).toEqual([[[ann]], []]);
    },
  );

  test('a person with an account becomes administrator by signing in on the set-up page', async () => {
    const { onSignedIn, claimSetUp } = await signInAt('setup');
    expect([onSignedIn.mock.calls, claimSetUp.mock.calls]).toEqual([[[ann]], [['ewl_x']]]);
  });

  const refused = (code: string) => vi.fn<() => Promise<void>>(() => Promise.reject(new ChatFailure(code, false)));

  test('a failed set-up shows the reason and can be retried without signing in again', async () => {
    const { onSignedIn, claimSetUp, signIn } = await signInAt('setup', refused('offline'));
    expect(onSignedIn).not.toHaveBeenCalled();
    const alerts = screen.getAllByRole('alert').map(({ textContent }) => textContent);
    expect(alerts.filter(Boolean)).toEqual([sentence(errorWords(en, 'offline'))]);
    expect(screen.getByRole('button', { name: en.register })).toBeDefined();
    claimSetUp.mockResolvedValueOnce();
    await act(async () => fireEvent.click(screen.getByRole('button', { name: en.becomeAdministrator('Ann') })));
    expect([onSignedIn.mock.calls, claimSetUp.mock.calls.length, signIn.mock.calls.length]).toEqual([[[ann]], 2, 1]);
  });

  test('a person who abandons the set-up stays signed in', async () => {
    const { onSignedIn } = await signInAt('setup', refused('link_ended'));
    fireEvent.click(screen.getByRole('button', { name: en.toChats }));
    expect(onSignedIn.mock.calls).toEqual([[ann]]);
  });

  test.each(['setup', 'reset'] as const)('a signed-in person can leave the page of a %s link', async (kind) => {
    const look = async () => ({ kind, by: null, expiresAt: 0 });
    const backend = { host: 'chat.example.org', links: { look }, place: offline } as never;
    const acts = { account: ann, onSignedIn: vi.fn(), onDone: vi.fn() };
    renderInPage(<LinkPage backend={backend} link={{ path: 'setup', secret: 'ewl_x' }} {...acts} />);
    await wait(0);
    fireEvent.click(screen.getByRole('button', { name: en.toChats }));
    expect(acts.onDone).toHaveBeenCalledOnce();
  });
});
