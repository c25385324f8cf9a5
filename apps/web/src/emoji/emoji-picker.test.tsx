// @vitest-environment happy-dom
import { fireEvent } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { en } from '../i18n/en.js';
import { renderInPage } from '../test-kit/render-in-page.js';
import { EmojiPicker } from './emoji-picker.js';

test('Enter picks the first result or the focused emoji, and is not received by the field focused afterwards', async () => {
  const onPick = vi.fn();
  const view = renderInPage(<EmojiPicker onPick={onPick} />);
  const search = view.getByRole('searchbox');
  fireEvent.change(search, { target: { value: 'rocket' } });
  const found = await view.findByRole('region', { name: en.emojis.found });
  const rocket = found.querySelector('button') as HTMLElement;
  // False if the default was prevented.
  expect(fireEvent.keyDown(search, { key: 'Enter', isComposing: true })).toBe(true);
  expect(onPick).not.toHaveBeenCalled();
  expect(fireEvent.keyDown(search, { key: 'Enter' })).toBe(false);
  rocket.focus();
  expect(fireEvent.keyDown(rocket, { key: 'Enter' })).toBe(false);
  expect(onPick.mock.calls).toEqual([['🚀'], ['🚀']]);
});
