// @vitest-environment happy-dom
import { fireEvent, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { renderInPage } from '../test-kit/render-in-page.js';
import { UndoProvider, useUndo } from './undo.js';

const undo = vi.fn();

function Page() {
  const { offer } = useUndo();
  return (
    <>
      <button type="button" onClick={() => offer({ conversation: null, words: 'muted', undo })}>
        mute
      </button>
      <textarea data-composer />
    </>
  );
}

test('Ctrl+Z in the empty composer undoes the action, unless the user has typed there since', () => {
  renderInPage(
    <UndoProvider>
      <Page />
    </UndoProvider>,
  );
  const field = screen.getByRole('textbox');
  const mute = () => fireEvent.click(screen.getByText('mute'));
  const pressUndo = () => void fireEvent.keyDown(field, { key: 'z', ctrlKey: true });
  mute();
  for (const value of ['sent', '']) fireEvent.input(field, { target: { value } });
  pressUndo();
  expect(undo).not.toHaveBeenCalled();
  mute();
  pressUndo();
  expect(undo).toHaveBeenCalledOnce();
});
