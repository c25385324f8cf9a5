// @vitest-environment happy-dom
import { fireEvent, render, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { useReturnToResult } from './use-return-to-result.js';

const toComposer = vi.fn();

function Page({ found }: { readonly found: boolean }) {
  const rememberResult = useReturnToResult();
  return (
    <>
      {found && (
        <button type="button" onClick={(event) => rememberResult(event.currentTarget)}>
          hit
        </button>
      )}
      <article data-key="m1" tabIndex={-1} onKeyDown={(event) => event.key === 'Escape' && toComposer()} />
      <textarea />
    </>
  );
}

const pressEscape = (role: string) => {
  const at = screen.getByRole(role);
  at.focus();
  fireEvent.keyDown(at, { key: 'Escape' });
};

test('Escape moves the focus from the message to its search result once, and otherwise keeps its meaning', () => {
  toComposer.mockClear();
  const { rerender } = render(<Page found />);
  const hit = screen.getByRole('button');
  pressEscape('article');
  expect(toComposer).toHaveBeenCalledTimes(1);
  fireEvent.click(hit);
  pressEscape('textbox');
  expect(document.activeElement).toBe(screen.getByRole('textbox'));
  pressEscape('article');
  expect([document.activeElement, toComposer.mock.calls.length]).toEqual([hit, 1]);
  pressEscape('article');
  expect(toComposer).toHaveBeenCalledTimes(2);
  fireEvent.click(hit);
  rerender(<Page found={false} />);
  pressEscape('article');
  expect(toComposer).toHaveBeenCalledTimes(3);
});
