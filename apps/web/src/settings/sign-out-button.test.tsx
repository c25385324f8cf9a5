// @vitest-environment happy-dom
import { act, fireEvent, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { SignedOutContext } from '../app/signed-out-context.js';
import { attachmentsAt, discardAttachments } from '../composer/conversation-attachments.js';
import { chatWith, renderInPage } from '../test-kit/render-in-page.js';
import { forgetThreadDrafts, storeThreadDraft } from '../thread/thread-drafts.js';
import { SignOutButton } from './sign-out-button.js';

afterEach(forgetThreadDrafts);
const chats = new Set<ReturnType<typeof chatWith>>();
// Discarded because pending files prompt before unload, and all tests share one page.
afterEach(() => {
  for (const chat of chats) discardAttachments(chat);
  chats.clear();
});

async function press(chat = chatWith()) {
  renderInPage(<SignOutButton />, chat);
  await act(async () => fireEvent.click(screen.getByRole('button', { name: /^(Sign out|退出登录)$/ })));
  return chat;
}

test('signing out asks nothing if nothing is unsent', async () => {
  const chat = await press();
  expect([chat.calls.includes('signOut'), screen.queryByRole('dialog')]).toEqual([true, null]);
});

test('the page marks the sign-out before the server ends the session', async () => {
  const calls: string[] = [];
  const signingOut = { begin: () => void calls.push('begin'), end: () => void calls.push('end') };
  const signOut = async () => void calls.push('server');
  renderInPage(
    <SignedOutContext value={signingOut}>
      <SignOutButton />
    </SignedOutContext>,
    chatWith({ signOut }),
  );
  await act(async () => fireEvent.click(screen.getByRole('button')));
  expect(calls).toEqual(['begin', 'server', 'end']);
});

test('signing out first names the unsent messages, files and drafts, including drafts of threads', async () => {
  const chat = chatWith({ unsent: () => ({ messages: 2, drafts: 1 }) });
  storeThreadDraft(chat.getSnapshot().me.id, 13, 3, 'half a reply');
  const { signal } = hangingUpload(chat);
  await press(chat);
  const dialog = screen.getByRole('dialog');
  expect(dialog.textContent).toMatch(
    /2 unsent messages, 1 unsent file, and 2 drafts|2 条未发送的消息、1 个未发送的文件、2 份草稿/,
  );
  expect(dialog.textContent).toMatch(
    /will not be sent\. What was already on its way may still arrive|不会再发送。已传出的内容仍可能送达/,
  );
  expect([chat.calls.includes('signOut'), signal()?.aborted]).toEqual([false, false]);
  const buttons = screen.getAllByRole('button', { name: /^(Sign out|退出登录)$/ });
  await act(async () => fireEvent.click(buttons.at(-1) as HTMLElement));
  expect([chat.calls.includes('signOut'), signal()?.aborted]).toEqual([true, true]);
});

/** A file whose upload does not end during the test. */
function hangingUpload(chat: ReturnType<typeof chatWith>) {
  chats.add(chat);
  let given: AbortSignal | undefined;
  chat.upload = (_file, options) => {
    given = options?.signal;
    return new Promise(() => undefined);
  };
  attachmentsAt(chat, 13, null).add([new File(['tides'], 'tides.txt')]);
  return { signal: () => given };
}
