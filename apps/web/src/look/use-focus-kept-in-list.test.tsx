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

test('the focus goes from a row that goes to the next one, to the last one, and to the list once it is empty', () => {
  const { rerender } = render(<List rows={['a', 'b', 'c']} />);
  screen.getByText('b').focus();
  const left = [['a', 'c'], ['a'], []].map((rows) => {
    rerender(<List rows={rows} />);
    return focused();
  });
  expect(left).toEqual(['c', 'a', 'list']);
});

test('a button that was disabled for a moment has the focus again', () => {
  const { rerender } = render(<List rows={['a', 'b']} />);
  screen.getByText('b').focus();
  rerender(<List rows={['a', 'b']} busy />);
  // As a browser does with a disabled control, a moment later.
  (document.activeElement as HTMLElement | null)?.blur();
  rerender(<List rows={['a', 'b']} />);
  expect(focused()).toBe('b');
});

test('what took the focus elsewhere keeps it', () => {
  const { rerender } = render(<List rows={['a', 'b']} />);
  screen.getByText('b').focus();
  screen.getByLabelText('elsewhere').focus();
  rerender(<List rows={['a']} />);
  expect(document.activeElement).toBe(screen.getByLabelText('elsewhere'));
});

test('a press beside the list leaves it', () => {
  const { rerender } = render(<List rows={['a', 'b']} />);
  screen.getByText('b').focus();
  document.body.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));
  screen.getByText('b').blur();
  rerender(<List rows={['a']} />);
  expect(document.activeElement).toBe(document.body);
});
