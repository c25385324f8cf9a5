// @vitest-environment happy-dom
import { render, screen } from '@testing-library/react';
import { useRef } from 'react';
import { expect, test } from 'vitest';
import { useFocusKeptInList } from './use-focus-kept-in-list.js';

function List({ rows, busy = false }: { readonly rows: readonly string[]; readonly busy?: boolean }) {
  const list = useRef<HTMLUListElement>(null);
  useFocusKeptInList(list);
  return (
    <>
      <input aria-label="elsewhere" />
      <ul ref={list} tabIndex={-1} aria-label="list">
        {rows.map((row) => (
          <li key={row}>
            <button type="button" disabled={busy}>
              {row}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

const focused = () => document.activeElement?.textContent || document.activeElement?.getAttribute('aria-label');

test('the focus moves from a removed row to the next one, the last one, and the empty list', () => {
  const { rerender } = render(<List rows={['a', 'b', 'c']} />);
  screen.getByText('b').focus();
  const left = [['a', 'c'], ['a'], []].map((rows) => {
    rerender(<List rows={rows} />);
    return focused();
  });
  expect(left).toEqual(['c', 'a', 'list']);
});

test('a button that was disabled temporarily gets the focus back', () => {
  const { rerender } = render(<List rows={['a', 'b']} />);
  screen.getByText('b').focus();
  rerender(<List rows={['a', 'b']} busy />);
  // Browsers blur a disabled control, a moment later.
  (document.activeElement as HTMLElement | null)?.blur();
  rerender(<List rows={['a', 'b']} />);
  expect(focused()).toBe('b');
});

test('the list does not take the focus back from elsewhere', () => {
  const { rerender } = render(<List rows={['a', 'b']} />);
  screen.getByText('b').focus();
  screen.getByLabelText('elsewhere').focus();
  rerender(<List rows={['a']} />);
  expect(document.activeElement).toBe(screen.getByLabelText('elsewhere'));
});

test('a press outside the list leaves it', () => {
  const { rerender } = render(<List rows={['a', 'b']} />);
  screen.getByText('b').focus();
  document.body.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));
  screen.getByText('b').blur();
  rerender(<List rows={['a']} />);
  expect(document.activeElement).toBe(document.body);
});
