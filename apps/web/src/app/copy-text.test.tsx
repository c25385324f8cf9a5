// @vitest-environment happy-dom
import { act, fireEvent } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Dialog } from '../look/dialog.js';
import { renderInPage } from '../test-kit/render-in-page.js';
import { CopyButton } from './copy-button.js';
import { copyText } from './copy-text.js';

let copied: readonly string[] = [];

/** The old way: copies what is selected in the document. */
const execCommand = vi.fn((command: string) => {
  const field = document.querySelector('textarea');
  const all = field?.selectionStart === 0 && field.selectionEnd === field.value.length;
  if (command === 'copy' && all && document.activeElement === field) copied = [...copied, field.value];
  return true;
});

function clipboard(writeText: (text: string) => Promise<void>): void {
  vi.stubGlobal('navigator', { clipboard: { writeText } });
}

beforeEach(() => {
  copied = [];
  execCommand.mockClear();
  Object.assign(document, { execCommand });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

test('text goes to the clipboard of the browser, and nothing else is tried', async () => {
  const writeText = vi.fn(async () => undefined);
  clipboard(writeText);
  expect(await copyText('tern')).toBe(true);
  expect(writeText.mock.calls).toEqual([['tern']]);
  expect(execCommand).not.toHaveBeenCalled();
});

test.each([
  ['has no clipboard', () => vi.stubGlobal('navigator', {})],
  ['refuses it', () => clipboard(() => Promise.reject(new DOMException('', 'NotAllowedError')))],
])('text is copied from a field where the browser %s, which leaves no field behind', async (_, given) => {
  given();
  expect(await copyText('tern')).toBe(true);
  expect([copied, document.querySelector('textarea')]).toEqual([['tern'], null]);
});

test('a failure of both ways is reported', async () => {
  vi.stubGlobal('navigator', {});
  execCommand.mockReturnValueOnce(false);
  expect(await copyText('tern')).toBe(false);
  expect(document.querySelector('textarea')).toBeNull();
});

test('text is copied from within a dialog too, which keeps the focus to itself, and the button has it again', async () => {
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('matchMedia', () => ({ matches: false }));
  const { getByText } = renderInPage(
    <Dialog title="Links" className="" onClose={() => undefined}>
      <CopyButton className="button" text={() => 'https://chat.example/#join'}>
        Copy link
      </CopyButton>
    </Dialog>,
  );
  const button = getByText('Copy link').closest('button') as HTMLButtonElement;
  button.focus();
  fireEvent.click(button);
  await act(async () => undefined);
  expect([copied, document.activeElement === button]).toEqual([['https://chat.example/#join'], true]);
});
