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

test('the page erases what the browser keeps of other people, as it starts and after somebody signed out', async () => {
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

test('somebody whom the server signs out, as with a suspended account, is told so; somebody who signs out is not', async () => {
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

test('where another tab signs out, this one gives up what is unsent as well; where the server ended the sign-in it is kept', async () => {
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

test('a sign-in that has ended takes none along that was made in another tab since', async () => {
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

describe('a link that was followed', () => {
  /** The page as it starts, with a server that says that every link has ended. */
  async function start() {
    cleanup();
    const look = vi.fn(() => Promise.reject(new ChatFailure('link_ended', false)));
    const backend = { ...backendWith(async () => undefined), links: { look } } as unknown as Backend;
    await act(async () => void render(<App backend={backend} />));
    // The page of a link is loaded when one is followed.
    await act(() => vi.dynamicImportSettled());
    return look.mock.calls.flat();
  }

  test('is still there after a reload, until it is left', async () => {
    history.replaceState(null, '', '/#/join/ewl_abc');
    expect(await start()).toEqual(['ewl_abc']);
    expect(location.hash).toBe('');
    expect(await start()).toEqual(['ewl_abc']);
    await act(async () => fireEvent.click(screen.getByRole('button', { name: en.toSignInPage })));
    expect(await start()).toEqual([]);
  });

  test('as an invitation is forgotten where somebody is signed in', async () => {
    history.replaceState(null, '', '/#/join/ewl_abc');
    storeAccount(ann);
    expect(await start()).toEqual([]);
    localStorage.clear();
    expect(await start()).toEqual([]);
  });
});
