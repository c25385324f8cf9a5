// @vitest-environment happy-dom
import { act, fireEvent } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Dialog } from '../design/dialog.js';
import { renderInPage } from '../test-kit/render-in-page.js';
import { CopyButton } from './copy-button.js';
import { copyText } from './copy-text.js';

let copied: readonly string[] = [];

/** Emulates `execCommand`: copies what is selected in the document. */
const execCommand = vi.fn((command: string) => {
  const field = document.querySelector('textarea');
  const all = field?.selectionStart === 0 && field.selectionEnd === field.value.length;
  if (command === 'copy' && all && document.activeElement === field) copied = [...copied, field.value];
  return true;
});

/** Emulates the Clipboard API. */
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

test('text is copied with the clipboard API if it works, without a fallback', async () => {
  const writeText = vi.fn(async () => undefined);
  clipboard(writeText);
  expect(await copyText('tern')).toBe(true);
  expect(writeText.mock.calls).toEqual([['tern']]);
  expect(execCommand).not.toHaveBeenCalled();
});

test.each([
  ['has no clipboard', () => vi.stubGlobal('navigator', {})],
  ['refuses it', () => clipboard(() => Promise.reject(new DOMException('', 'NotAllowedError')))],
])('text is copied from a temporary field if the browser %s', async (_, given) => {
  given();
  expect(await copyText('tern')).toBe(true);
  expect([copied, document.querySelector('textarea')]).toEqual([['tern'], null]);
});

test('copyText returns false when both methods fail', async () => {
  vi.stubGlobal('navigator', {});
  execCommand.mockReturnValueOnce(false);
  expect(await copyText('tern')).toBe(false);
  expect(document.querySelector('textarea')).toBeNull();
});

test('text is copied from within a dialog that traps the focus, and the focus returns to the button', async () => {
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
