// @vitest-environment happy-dom
import { errorSentence } from '@everywire/chat';
import { expect, test } from 'vitest';
import { renderInPage } from '../test-kit/render-in-page.js';
import { DamagedRow } from './damaged-row.js';

test('[CH-37.4] what the server cannot read is said in a sentence, without anything to press', () => {
  const { container } = renderInPage(<DamagedRow />);
  expect(`${container.textContent}.`).toBe(errorSentence('damaged', 'en'));
  expect(container.querySelector('button')).toBeNull();
});
