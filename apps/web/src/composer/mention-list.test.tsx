// @vitest-environment happy-dom
import { fireEvent, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { linWan } from '../../fixtures/cast.js';
import { renderInPage } from '../test-kit/render-in-page.js';
import { MentionList } from './mention-list.js';

test('two people with the same display name are shown with their user names, and the pressed one is picked', () => {
  const people = [
    { ...linWan, id: 51, name: 'linwan' },
    { ...linWan, id: 52, name: 'lin2' },
  ];
  const choose = vi.fn();
  const candidates = people.map((person) => ({ label: person.displayName, person }));
  const idle = { look: vi.fn(), close: vi.fn(), onKeyDown: vi.fn(), resolveMentions: vi.fn(), begin: vi.fn() };
  const { container } = renderInPage(<MentionList picker={{ ...idle, id: 'picker', active: 0, candidates, choose }} />);
  const options = within(container).getAllByRole('option');
  expect(
    options.map((option) => [option.querySelector('bdi')?.textContent, option.querySelector('small')?.textContent]),
  ).toEqual([
    [linWan.displayName, 'linwan'],
    [linWan.displayName, 'lin2'],
  ]);
  fireEvent.click(options[1]!);
  expect(choose.mock.calls).toEqual([[candidates[1]]]);
});
