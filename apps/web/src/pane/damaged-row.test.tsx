// @vitest-environment happy-dom
import { errorSentence } from '@everywire/chat';
import { expect, test } from 'vitest';
import { renderInPage } from '../test-kit/render-in-page.js';
import { DamagedRow } from './damaged-row.js';

test('[CH-37.4] a message that the server cannot read is shown as a sentence without buttons', () => {
  const { container } = renderInPage(<DamagedRow />);
  expect(`${container.textContent}.`).toBe(errorSentence('damaged', 'en'));
  expect(container.querySelector('button')).toBeNull();
});
