// @vitest-environment happy-dom
import type { Timeline } from '@everywire/chat-client';
import { act, fireEvent, screen } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { entry, linWan, message } from '../../fixtures/cast.js';
import { UndoProvider } from '../app/undo.js';
import { changePreferences } from '../design/preferences.js';
import { en } from '../i18n/en.js';
import { chatWith, renderInPage } from '../test-kit/render-in-page.js';
import { ForwardDialog } from './forward-dialog.js';

beforeEach(() => changePreferences({ language: 'en' }));

/** Forwards a message to conversations of these titles. Returns the confirmation. */
async function forward(titles: readonly string[]): Promise<string> {
  const chat = chatWith();
  chat.set({ conversations: titles.map((title, at) => entry({ id: at + 1, title, activityAt: 1 })) });
  const timeline = { forward: async () => undefined } as Partial<Timeline> as Timeline;
  const props = { timeline, onClose: () => undefined, onDone: () => undefined };
  renderInPage(
    <UndoProvider>
      <ForwardDialog rows={[message(1, linWan, 1, 'x')]} {...props} />
    </UndoProvider>,
    chat,
  );
  for (const title of titles) fireEvent.click(screen.getByRole('button', { name: new RegExp(title) }));
  await act(async () => {
    fireEvent.click(screen.getByRole('button', { name: en.messages.forwardTo(titles.length) }));
  });
  expect(screen.queryByRole('button', { name: en.undo, hidden: true })).toBeNull();
  return document.querySelector('.snack')?.textContent ?? '';
}

test('forwarding to one conversation reports its name', async () => {
  expect(await forward(['Terns'])).toContain(en.messages.forwardedTo(1, 'Terns'));
});

test('forwarding to several conversations reports their number', async () => {
  expect(await forward(['Terns', 'Gulls'])).toContain(en.messages.forwardedTo(2, ''));
});
