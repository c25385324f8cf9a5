// @vitest-environment happy-dom
import { render, screen } from '@testing-library/react';
import { useRef } from 'react';
import { expect, test, vi } from 'vitest';
import { useFocusOnRemoval } from './use-focus-on-removal.js';

/** Focuses the field. The hook calls it just before the element leaves the document, so the element still has its parent. */
const onRemoval = vi.fn(
  (removed: HTMLElement) => void removed.parentElement?.querySelector<HTMLElement>('input')?.focus(),
);

function Chip() {
  const button = useRef<HTMLButtonElement>(null);
  useFocusOnRemoval(button, onRemoval);
  return (
    <button type="button" ref={button}>
      chip
    </button>
  );
}

function Page({ chip }: { readonly chip: boolean }) {
  return (
    <div>
      <input aria-label="field" />
      {chip && <Chip />}
    </div>
  );
}

test('the callback runs when the focused element is removed, and not when an element without the focus is removed', () => {
  const { rerender } = render(<Page chip />);
  rerender(<Page chip={false} />);
  expect(onRemoval).not.toHaveBeenCalled();
  rerender(<Page chip />);
  screen.getByRole('button').focus();
  rerender(<Page chip={false} />);
  expect([onRemoval.mock.calls.length, document.activeElement]).toEqual([1, screen.getByLabelText('field')]);
});
