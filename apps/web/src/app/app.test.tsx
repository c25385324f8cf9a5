// @vitest-environment happy-dom
import { ChatFailure } from '@everywire/chat-client';
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { en } from '../i18n/en.js';
import { chatWith } from '../test-kit/render-in-page.js';
import { App } from './app.js';
import type { Backend } from './backend.js';
import { forgetAccount, markSigningOut, storeAccount, storedAccount } from './stored-account.js';

const ann = { me: { id: 7, name: 'ann', displayName: 'Ann' }, token: 'a' } as const;

afterEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

/** Returns a backend whose server never answers, with these functions. */
function backendWith(eraseOtherAccounts: Backend['eraseOtherAccounts'], connect = () => chatWith()): Backend {
  const never = () => new Promise<never>(() => undefined);
  const parts = {
    host: 'chat.example',
    place: never,
    openFiles: never,
    account: () => ({}),
    connect,
  };
  return { ...parts, eraseOtherAccounts } as unknown as Backend;
}

test('the page erases other accounts’ local data at start and after a sign-out', async () => {
  storeAccount(ann);
  const erase = vi.fn<Backend['eraseOtherAccounts']>().mockRejectedValueOnce(new Error('closed')).mockResolvedValue();
  render(<App backend={backendWith(erase)} />);
  expect(erase.mock.calls).toEqual([[7]]);
  await act(async () => {
    localStorage.clear();
    window.dispatchEvent(new Event('storage'));
  });
  expect(erase.mock.calls).toEqual([[7], [null]]);
});

test('a user signed out by the server sees a notice, a user who signed out does not', async () => {
  const chats: ReturnType<typeof chatWith>[] = [];
  const connect = () => {
    const chat = chatWith();
    chats.push(chat);
    return chat;
  };
  storeAccount(ann);
  const ended = render(<App backend={backendWith(async () => undefined, connect)} />);
  await act(async () => chats.at(-1)?.set({ signedOut: true }));
  expect(ended.getByText(en.signedOutByServer)).toBeDefined();
  ended.unmount();
  const fresh = render(<App backend={backendWith(async () => undefined, connect)} />);
  expect(fresh.queryByText(en.signedOutByServer)).toBeNull();
});

test('a sign-out in another tab discards unsent messages here, a sign-in ended by the server keeps them', async () => {
  const chats: ReturnType<typeof chatWith>[] = [];
  const connect = () => {
    const chat = chatWith();
    chats.push(chat);
    return chat;
  };
  const hear = () => {
    const newValue = localStorage.getItem('everywire.account');
    return act(
      async () => void window.dispatchEvent(new StorageEvent('storage', { key: 'everywire.account', newValue })),
    );
  };
  storeAccount(ann);
  const given = render(<App backend={backendWith(async () => undefined, connect)} />);
  markSigningOut(ann);
  await hear();
  given.unmount();
  storeAccount(ann);
  render(<App backend={backendWith(async () => undefined, connect)} />);
  forgetAccount();
  await hear();
  expect(chats.map(({ calls }) => calls.includes('signOut'))).toEqual([true, false]);
});

test('an ended sign-in does not remove a newer sign-in made in another tab', async () => {
  storeAccount(ann);
  const chats: ReturnType<typeof chatWith>[] = [];
  const connect = () => {
    const chat = chatWith();
    chats.push(chat);
    return chat;
  };
  render(<App backend={backendWith(async () => undefined, connect)} />);
  const bo = { me: { id: 8, name: 'bo', displayName: 'Bo' }, token: 'b' } as const;
  storeAccount(bo);
  await act(async () => chats.at(-1)?.set({ signedOut: true }));
  expect([storedAccount(), chats.length]).toEqual([bo, 2]);
  await act(async () => chats.at(-1)?.set({ signedOut: true }));
  expect([storedAccount(), chats.length]).toEqual([null, 2]);
});

describe('an account link', () => {
  /** Renders the page with a server that reports every link as expired. */
  async function start() {
    cleanup();
    const look = vi.fn(() => Promise.reject(new ChatFailure('link_ended', false)));
    const backend = { ...backendWith(async () => undefined), links: { look } } as unknown as Backend;
    await act(async () => void render(<App backend={backend} />));
    // The link page is loaded only when a link is opened.
    await act(() => vi.dynamicImportSettled());
    return look.mock.calls.flat();
  }

  test('an opened link survives a reload until it is left', async () => {
    history.replaceState(null, '', '/#/join/ewl_abc');
    expect(await start()).toEqual(['ewl_abc']);
    expect(location.hash).toBe('');
    expect(await start()).toEqual(['ewl_abc']);
    await act(async () => fireEvent.click(screen.getByRole('button', { name: en.toSignInPage })));
    expect(await start()).toEqual([]);
  });

  test('an invitation link is forgotten if the user is already signed in', async () => {
    history.replaceState(null, '', '/#/join/ewl_abc');
    storeAccount(ann);
    expect(await start()).toEqual([]);
    localStorage.clear();
    expect(await start()).toEqual([]);
  });
});
