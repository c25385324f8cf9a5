// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { asksBeforeUnload } from '../test-kit/asks-before-unload.js';
import { chatWith } from '../test-kit/render-in-page.js';
import { attachmentsAt, discardAttachments } from './conversation-attachments.js';

test('the browser prompts before unload while any conversation has attachments', () => {
  const chat = chatWith({ upload: () => new Promise(() => undefined) });
  expect(asksBeforeUnload()).toBe(false);
  const attachments = attachmentsAt(chat, 13, null);
  attachments.add([new File(['tides'], 'tides.txt')]);
  expect(asksBeforeUnload()).toBe(true);
  attachments.remove(0);
  expect(asksBeforeUnload()).toBe(false);
  attachments.add([new File(['tides'], 'tides.txt')]);
  discardAttachments(chat);
  expect([asksBeforeUnload(), attachments.getSnapshot().items]).toEqual([false, []]);
});
