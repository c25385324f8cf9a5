// @vitest-environment happy-dom
import { act, fireEvent, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { message, noor, tomas } from '../../fixtures/cast.js';
import { en } from '../i18n/en.js';
import { useReturnToResult } from '../search/use-return-to-result.js';
import { renderInPage } from '../test-kit/render-in-page.js';
import { SelectionBar } from './selection-bar.js';
import type { Selection } from './use-selection.js';

const rows = [message(1, noor, 1, 'أين؟'), message(2, tomas, 2, 'At the south gate')];

const selectionWith = (end: () => void): Selection => ({
  rows,
  keys: new Set(rows.map(({ key }) => key)),
  pick: () => undefined,
  extend: () => undefined,
  end,
});

/** Renders a search result and the conversation it leads to; with `end`, in selection mode. */
function Page({ end }: { readonly end: (() => void) | null }) {
  const rememberResult = useReturnToResult();
  return (
    <>
      <button type="button" onClick={(event) => rememberResult(event.currentTarget)}>
        hit
      </button>
      <div className="pane">
        <article data-key="m1" tabIndex={-1} />
        {end !== null && <SelectionBar selection={selectionWith(end)} onPanel={() => undefined} />}
      </div>
    </>
  );
}

afterEach(() => vi.unstubAllGlobals());

test('Escape in a message opened from a search first ends the selection', () => {
  const end = vi.fn();
  const { rerender } = renderInPage(<Page end={null} />);
  fireEvent.click(screen.getByText('hit'));
  rerender(<Page end={end} />);
  const row = screen.getByRole('article');
  row.focus();
  fireEvent.keyDown(row, { key: 'Escape' });
  expect([end.mock.calls.length, document.activeElement]).toEqual([1, row]);
});

test('copied messages contain no added characters, even after a right-to-left name', async () => {
  const writeText = vi.fn(async (_text: string) => undefined);
  vi.stubGlobal('navigator', { clipboard: { writeText }, language: 'en' });
  renderInPage(<SelectionBar selection={selectionWith(() => undefined)} onPanel={() => undefined} />);
  await act(async () => fireEvent.click(screen.getByRole('button', { name: en.messages.copyText })));
  expect(writeText.mock.calls).toEqual([[`${noor.displayName}: أين؟\n${tomas.displayName}: At the south gate`]]);
});
