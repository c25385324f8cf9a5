// @vitest-environment happy-dom
import { act, fireEvent } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { renderInPage } from '../test-kit/render-in-page.js';
import { Dialog } from './dialog.js';

let opener: HTMLButtonElement;
/** Whether the device has a coarse pointer, such as a finger. */
let coarse = false;

beforeEach(() => {
  coarse = false;
  vi.stubGlobal('matchMedia', () => ({ matches: coarse }));
  opener = document.createElement('button');
  document.body.replaceChildren(opener);
  opener.focus();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

function open(props: Partial<Parameters<typeof Dialog>[0]> = {}) {
  const onClose = vi.fn();
  const view = renderInPage(
    <Dialog title="Pins" className="pins" onClose={onClose} {...props}>
      <input aria-label="Name" />
    </Dialog>,
  );
  return { ...view, onClose };
}

/** Renders a composer. */
function composer(): HTMLTextAreaElement {
  const field = document.createElement('textarea');
  field.dataset['composer'] = '';
  document.body.append(field);
  return field;
}

/** Waits for the focus to return after the dialog has closed. */
async function close({ unmount }: { readonly unmount: () => void }): Promise<Element | null> {
  unmount();
  await act(() => new Promise((done) => setTimeout(done)));
  return document.activeElement;
}

test('a dialog is named by its title, has its class, and has the focus', () => {
  const { getByRole } = open();
  const dialog = getByRole('dialog', { name: 'Pins' });
  expect(dialog.className).toBe('dialog pins');
  expect(dialog.contains(document.activeElement)).toBe(true);
});

test.each([
  ['Escape', () => fireEvent.keyDown(document.activeElement as Element, { key: 'Escape' })],
  ['the close button', () => fireEvent.click(document.querySelector('[aria-label="Close"]') as Element)],
])('%s closes a dialog once', (_, press) => {
  const { onClose } = open();
  expect(onClose).not.toHaveBeenCalled();
  press();
  expect(onClose).toHaveBeenCalledTimes(1);
});

test('closing a dialog focuses the composer', async () => {
  const field = composer();
  expect(await close(open())).toBe(field);
});

test('closing a dialog focuses its opener if there is no composer', async () => {
  expect(await close(open())).toBe(opener);
});

test('closing a dialog focuses its opener on a touch device', async () => {
  composer();
  coarse = true;
  expect(await close(open())).toBe(opener);
});

test('closing a dialog does not focus a field on a touch device', async () => {
  const field = composer();
  field.focus();
  coarse = true;
  expect(await close(open())).not.toBe(field);
});

test('closing a dialog does not take the focus from the dialog that replaced it', async () => {
  const field = composer();
  const first = open();
  const other = document.createElement('div');
  other.setAttribute('role', 'dialog');
  other.tabIndex = -1;
  document.body.append(other);
  first.unmount();
  other.focus();
  await act(() => new Promise((done) => setTimeout(done)));
  expect([document.activeElement === other, document.activeElement === field]).toEqual([true, false]);
});

test('closing a dialog lets the opener handle the focus', async () => {
  const field = composer();
  const onFocusBack = vi.fn(() => true);
  expect([opener, field]).not.toContain(await close(open({ onFocusBack })));
  expect(onFocusBack).toHaveBeenCalledTimes(1);
  expect(await close(open({ onFocusBack: () => false }))).toBe(field);
});
