// @vitest-environment happy-dom
import { ChatFailure, type Timeline, type TimelineSnapshot } from '@everywire/chat-client';
import { act, fireEvent } from '@testing-library/react';
import { createRef, type Ref, useState } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { entry, me, message } from '../../fixtures/cast.js';
import { asksBeforeUnload } from '../test-kit/asks-before-unload.js';
import { renderInPage } from '../test-kit/render-in-page.js';
import { Composer } from './composer.js';
import type { ComposerHandle } from './composer-handle.js';
import type { ComposerMode } from './composer-mode.js';

beforeEach(() => {
  vi.stubGlobal('matchMedia', () => ({ matches: false }));
  vi.stubGlobal('CSS', { supports: () => true });
});
afterEach(() => {
  snapshot = present;
  vi.unstubAllGlobals();
});

interface PageProps {
  readonly handle: Ref<ComposerHandle>;
  /** The draft kept during the edit. */
  readonly first: string;
  readonly onDraft: (text: string) => void;
}

/** Set by a test: the result of the edit. */
let edit: Timeline['edit'] = () => Promise.resolve();
const onFailure = vi.fn<(code: string | null) => void>();
const edited = message(7, me, 1, 'as it was said');
const present = { rows: [edited] } as Partial<TimelineSnapshot> as TimelineSnapshot;
const absent: TimelineSnapshot = { ...present, rows: [] };
let snapshot = present;
let notify = (): void => undefined;
const timeline = {
  subscribe: (listener) => {
    notify = listener;
    return () => undefined;
  },
  getSnapshot: () => snapshot,
  setTyping: () => undefined,
  edit: (...given) => edit(...given),
} as Partial<Timeline> as Timeline;

/** Renders a composer that edits a message. */
function Page({ handle, first, onDraft }: PageProps) {
  const [mode, setMode] = useState<ComposerMode>({ kind: 'edit', row: edited });
  const [draft, setDraft] = useState(first);
  return (
    <Composer
      ref={handle}
      hidden={false}
      root={null}
      label={'Message'}
      placeholder={''}
      timeline={timeline}
      mode={mode}
      draft={draft}
      entry={entry({ id: 12, title: 'Terns', activityAt: 1 })}
      readDraft={() => draft}
      onDraft={(text) => {
        onDraft(text);
        setDraft(text);
      }}
      onModeEnd={() => setMode({ kind: 'write' })}
      onEdit={(row) => setMode({ kind: 'edit', row })}
      onSend={() => undefined}
      onScrollKey={() => undefined}
      onFailure={onFailure}
    />
  );
}

/** Renders the composer during an edit. */
function editing(first: string) {
  const handle = createRef<ComposerHandle>();
  const drafts: string[] = [];
  const view = renderInPage(<Page handle={handle} first={first} onDraft={(text) => drafts.push(text)} />);
  const area = () => view.getByLabelText('Message') as HTMLTextAreaElement;
  const field = () => area().value;
  const type = (text: string) => act(() => void fireEvent.change(area(), { target: { value: text } }));
  const press = (key: string) => void fireEvent.keyDown(area(), { key });
  const bar = () => view.container.querySelector('.mode')?.textContent;
  return { field, bar, type, press, drafts, put: (text: string) => act(() => handle.current?.put({ text })) };
}

test('a message restored during an edit becomes the draft and ends the edit', () => {
  const { field, drafts, put } = editing('');
  expect(field()).toBe('as it was said');
  put('not sent');
  expect([field(), drafts]).toEqual(['not sent', ['not sent']]);
});

test('a restored message is placed before the draft kept during the edit', () => {
  const { field, drafts, put } = editing('half a thought');
  put('not sent');
  expect([field(), drafts]).toEqual(['not sent\nhalf a thought', ['not sent\nhalf a thought']]);
});

/** Changes the text and sends the edit. */
function change(view: ReturnType<typeof editing>, text: string) {
  view.type(text);
  return act(async () => view.press('Enter'));
}

test('a refused edit is restored in the field and can be sent again', async () => {
  edit = () => Promise.reject(new ChatFailure('too_late', false));
  const view = editing('');
  await change(view, 'as it should say');
  expect(view.field()).toBe('as it should say');
  edit = vi.fn(() => Promise.resolve());
  await act(async () => view.press('Enter'));
  expect(vi.mocked(edit).mock.calls.map(([, { text }]) => text)).toEqual(['as it should say']);
  expect(view.field()).toBe('');
});

test('a refused edit does not displace other text typed meanwhile', async () => {
  let refuse = (_failure: unknown): void => undefined;
  edit = () => new Promise((_resolve, reject) => (refuse = reject));
  const view = editing('');
  await change(view, 'as it should say');
  view.type('another matter');
  await act(async () => refuse(new ChatFailure('too_late', false)));
  expect(view.field()).toBe('another matter');
});

test('an edit of a message that was recalled meanwhile is not sent, says so, and its text becomes the draft', async () => {
  edit = vi.fn(() => Promise.resolve());
  const view = editing('half a thought');
  view.type('as it should say');
  snapshot = absent;
  act(() => notify());
  await act(async () => view.press('Enter'));
  expect([vi.mocked(edit).mock.calls, onFailure.mock.lastCall]).toEqual([[], ['message_gone']]);
  expect(view.field()).toBe('as it should say');
  expect(view.bar()).toMatch(/deleted/);
  act(() => view.press('Escape'));
  expect([view.field(), view.bar()]).toEqual(['half a thought\nas it should say', undefined]);
  expect(view.drafts).toEqual(['half a thought\nas it should say']);
});

test('the browser prompts before unload while an edit has changed text, and not otherwise', () => {
  const { type, press } = editing('');
  expect(asksBeforeUnload()).toBe(false);
  type('as it should say');
  expect(asksBeforeUnload()).toBe(true);
  type('as it was said');
  expect(asksBeforeUnload()).toBe(false);
  type('as it should say');
  act(() => press('Escape'));
  expect(asksBeforeUnload()).toBe(false);
});
