// @vitest-environment happy-dom
import { fireEvent } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { fakeTimeouts } from '../test-kit/fake-timeouts.js';
import { renderInPage } from '../test-kit/render-in-page.js';
import { CopyButton } from './copy-button.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

const wait = fakeTimeouts();

/** Renders the button. `press` presses it and returns its label. */
function render(writeText: (text: string) => Promise<void>) {
  vi.stubGlobal('navigator', { clipboard: { writeText } });
  let text = 'tern';
  const { getByRole } = renderInPage(
    <CopyButton className="copy" text={() => text}>
      Copy
    </CopyButton>,
  );
  const button = getByRole('button');
  const press = async (next = text) => {
    text = next;
    fireEvent.click(button);
    await wait(0);
    return button.textContent;
  };
  return { press, button };
}

test('the button copies the text current at the press and confirms it for two seconds', async () => {
  const writeText = vi.fn(async () => undefined);
  const { press, button } = render(writeText);
  expect([button.className, button.textContent]).toEqual(['copy', 'Copy']);
  expect(await press('gull')).toBe('Copied');
  expect(writeText.mock.calls).toEqual([['gull']]);
  await wait(1_999);
  expect(button.textContent).toBe('Copied');
  await wait(1);
  expect(button.textContent).toBe('Copy');
  expect(await press('tern')).toBe('Copied');
});

test('the button does not confirm when the text could not be copied', async () => {
  Object.assign(document, { execCommand: () => false });
  const { press } = render(() => Promise.reject(new DOMException('', 'NotAllowedError')));
  expect(await press()).toBe('Copy');
});
