// @vitest-environment happy-dom
import type { Person, ServerInfo } from '@everywire/chat-client';
import { act, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { linWan, me, tomas } from '../../fixtures/cast.js';
import { ConnectedContext } from '../app/connected-context.js';
import { en } from '../i18n/en.js';
import { chatWith, renderInPage } from '../test-kit/render-in-page.js';
import { FirstRun } from './first-run.js';

/** The server's list of people. */
interface Answer {
  readonly people: readonly Person[];
  readonly more: boolean;
}

/** Renders the page before the first conversation. `answer` is the server's list of people. */
async function open(registration: ServerInfo['registration'], guest = false) {
  const asked: ((answer: Answer) => void)[] = [];
  const people = vi.fn(() => new Promise<Answer>((resolve) => asked.push(resolve)));
  const chat = chatWith({ people });
  const snapshot = { ...chat.getSnapshot(), me: guest ? { ...me, guest: true as const } : me };
  chat.getSnapshot = () => snapshot;
  let mode = registration;
  const backend = { place: () => Promise.resolve({ registration: mode }) } as never;
  const acts = { onNewConversation: vi.fn(), onNewGroup: vi.fn(), onInvitations: vi.fn() };
  const page = (connected: boolean, round = 'none') => (
    <ConnectedContext value={connected}>
      <FirstRun backend={backend} {...acts} round={round} />
    </ConnectedContext>
  );
  const { container, rerender } = renderInPage(page(true), chat);
  await act(async () => undefined);
  return {
    acts,
    people,
    connected: (now: boolean) => rerender(page(now)),
    choose: (next: ServerInfo['registration']) => {
      mode = next;
    },
    closeSettings: () => act(async () => rerender(page(true, 'settings'))),
    answer: (found: readonly Person[]) => act(async () => asked.shift()?.({ people: found, more: false })),
    text: () => container.textContent ?? '',
    filled: () => [...container.querySelectorAll('.button.main')].map(({ textContent }) => textContent),
  };
}

test('the first run says nothing about others before the server has answered', async () => {
  const { text, answer } = await open('open');
  expect(text()).not.toContain(en.noOneElse);
  expect(text()).not.toContain(en.someoneHere);
  await answer([me]);
  expect(text()).toContain(en.noOneElse);
});

test('the first run names the people who are there and starts a conversation with them', async () => {
  const { text, answer, acts } = await open('open');
  await answer([me, linWan, tomas]);
  expect(text()).toContain(en.someoneHere);
  expect(text()).toContain(`Also here: ${linWan.displayName} and ${tomas.displayName}`);
  expect(text()).not.toContain(en.noOneElse);
  screen.getByRole('button', { name: en.newConversation }).click();
  expect(acts.onNewConversation).toHaveBeenCalledTimes(1);
});

test('the first run fills one button: the link while the user is alone, then the conversation', async () => {
  const { answer, filled } = await open('open');
  await answer([me]);
  expect(filled()).toEqual([en.copyLink]);
  await act(async () => document.dispatchEvent(new Event('visibilitychange')));
  await answer([me, linWan]);
  expect(filled()).toEqual([en.newConversation]);
});

test('the first run loads the people again on reconnect and on focus', async () => {
  const { connected, answer, text, people } = await open('open');
  await answer([me]);
  connected(false);
  connected(true);
  await answer([me, linWan]);
  expect(text()).toContain(en.someoneHere);
  await act(async () => document.dispatchEvent(new Event('visibilitychange')));
  expect(people).toHaveBeenCalledTimes(3);
});

test.each([
  ['open', en.inviteHint.split('{')[0] ?? '', en.copyLink],
  ['invitation', en.inviteHintInvitation, en.toInvitations],
  ['closed', en.inviteHintClosed, null],
] as const)(
  'the first run explains how new people get in if registration is %s',
  async (registration, hint, button) => {
    const { text } = await open(registration);
    expect(text()).toContain(hint);
    for (const name of [en.copyLink, en.toInvitations])
      expect(screen.queryByRole('button', { name }) !== null).toBe(name === button);
  },
);

test('the first run loads again who may register when the settings close and on focus', async () => {
  const { text, choose, closeSettings } = await open('open');
  choose('invitation');
  await closeSettings();
  expect(text()).toContain(en.inviteHintInvitation);
  choose('closed');
  await act(async () => document.dispatchEvent(new Event('visibilitychange')));
  expect(text()).toContain(en.inviteHintClosed);
});

test('a guest, who cannot start conversations or invite, is asked to wait', async () => {
  const { text } = await open('open', true);
  expect(text()).toContain(en.guestWaits);
  expect(screen.queryAllByRole('button')).toEqual([]);
});
