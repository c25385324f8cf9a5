// @vitest-environment happy-dom
import { act } from '@testing-library/react';
import type { ClipboardEvent } from 'react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { chatWith, renderHookInPage } from '../test-kit/render-in-page.js';
import { discardAttachments } from './conversation-attachments.js';
import { useUploads } from './use-uploads.js';

const file = (name: string) => new File(['x'], name, { type: 'text/plain' });

/** Returns a paste event with files. */
function pasted(files: readonly File[]) {
  const preventDefault = vi.fn();
  const event = { clipboardData: { files, getData: () => '' }, preventDefault } as unknown as ClipboardEvent;
  return { event, preventDefault };
}

const chats = new Set<ReturnType<typeof chatWith>>();
// Discarded because pending files prompt before unload, and all tests share one page.
afterEach(() => {
  for (const chat of chats) discardAttachments(chat);
  chats.clear();
});

/** Renders the hook for a composer. */
function open(chat = chatWith(), conversation = 7, root: number | null = null) {
  chats.add(chat);
  const composer = { onFailure: vi.fn(), onSent: vi.fn() };
  const { result, rerender, unmount } = renderHookInPage(
    (now: { readonly root: number | null; readonly composer: typeof composer }) =>
      useUploads(conversation, now.root, now.composer),
    { chat, initialProps: { root, composer } },
  );
  return { chat, composer, rerender, unmount, uploads: () => result.current };
}

const names = ({ uploads }: Pick<ReturnType<typeof open>, 'uploads'>) => uploads().items.map(({ name }) => name);

describe('files of the next message', () => {
  test('pasted files are uploaded and not pasted as text', async () => {
    const opened = open();
    const { event, preventDefault } = pasted([file('a.txt'), file('b.txt')]);
    await act(async () => opened.uploads().onPaste(event));
    expect(preventDefault).toHaveBeenCalledTimes(1);
    expect(names(opened)).toEqual(['a.txt', 'b.txt']);
    expect(opened.chat.calls).toEqual(['upload a.txt', 'upload b.txt']);
  });

  test('pasted text is left to the field', async () => {
    const opened = open();
    const { event, preventDefault } = pasted([]);
    await act(async () => opened.uploads().onPaste(event));
    expect(preventDefault).not.toHaveBeenCalled();
    expect([names(opened), opened.composer.onFailure.mock.calls]).toEqual([[], []]);
  });

  test('files are kept when the conversation is left, and are not shown in another conversation or thread', async () => {
    const first = open();
    await act(async () => first.uploads().attachments.add([file('a.txt')]));
    first.unmount();
    expect(names(open(first.chat))).toEqual(['a.txt']);
    expect(names(open(first.chat, 8))).toEqual([]);
    expect(names(open(first.chat, 7, 34))).toEqual([]);
    expect(names(open(chatWith()))).toEqual([]);
    const back = open(first.chat, 7, 34);
    back.rerender({ root: null, composer: back.composer });
    expect(names(back)).toEqual(['a.txt']);
    back.chat.uploadsToFail = 1;
    await act(async () => back.uploads().attachments.add([file('b.txt')]));
    expect(back.composer.onFailure.mock.calls).toEqual([[null], ['upload_unfinished']]);
  });
});

describe('failures and sent messages', () => {
  test('failures and sent messages are reported to the composer of the last render', async () => {
    const opened = open();
    const later = { onFailure: vi.fn(), onSent: vi.fn() };
    opened.rerender({ root: null, composer: later });
    opened.chat.uploadsToFail = 1;
    await act(async () => opened.uploads().attachments.add([file('a.txt')]));
    expect(later.onFailure.mock.calls).toEqual([[null], ['upload_unfinished']]);
    await act(async () => opened.uploads().attachments.remove(0));
    act(() =>
      opened
        .uploads()
        .attachments.send({ text: 'hi', send: () => null, readDraft: () => 'hi', keepDraft: () => undefined }),
    );
    expect(later.onSent.mock.calls).toEqual([['hi']]);
    expect([opened.composer.onFailure.mock.calls, opened.composer.onSent.mock.calls]).toEqual([[], []]);
  });

  test('nothing is reported to a composer that was left, and the next one receives the failure', async () => {
    const first = open();
    first.unmount();
    first.chat.uploadsToFail = 1;
    await act(async () => first.uploads().attachments.add([file('a.txt')]));
    expect(first.composer.onFailure).not.toHaveBeenCalled();
    expect(open(first.chat).composer.onFailure.mock.calls).toEqual([['upload_unfinished']]);
    expect(open(first.chat).composer.onFailure).not.toHaveBeenCalled();
  });
});
