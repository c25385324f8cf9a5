// @vitest-environment happy-dom
import { fireEvent } from '@testing-library/react';
import { expect, test } from 'vitest';
import { renderInPage } from '../test-kit/render-in-page.js';
import { moveFocus } from './move-focus.js';

/** Renders rows. Returns a function that presses a key on a row: the number of the focused row, and whether the key was used. */
function open() {
  const { container } = renderInPage(
    // biome-ignore lint/a11y/noStaticElementInteractions: it holds the rows
    <div onKeyDown={(event) => moveFocus(event, 'a')}>
      <a href="#1">1</a>
      <button type="button">no row</button>
      <a href="#2">2</a>
      <a href="#3">3</a>
    </div>,
  );
  const rows = [...container.querySelectorAll('a')];
  return (from: Element | undefined, key: string, modifiers = {}) => {
    (from as HTMLElement).focus();
    // `fireEvent` returns false if the default was prevented, that is, if the key was handled.
    const taken = !fireEvent.keyDown(from as Element, { key, ...modifiers });
    return [rows.indexOf(document.activeElement as HTMLAnchorElement) + 1, taken];
  };
}

const row = (number: number) => document.querySelectorAll('a')[number - 1];

test.each([
  [1, 'ArrowDown', 2],
  [2, 'ArrowDown', 3],
  [3, 'ArrowDown', 3],
  [3, 'ArrowUp', 2],
  [1, 'ArrowUp', 1],
  [2, 'Home', 1],
  [2, 'End', 3],
])('in row %d, %s moves the focus to row %d', (from, key, to) => {
  expect(open()(row(from), key)).toEqual([to, true]);
});

test('other keys, keys with modifiers, and keys outside the rows do not move the focus', () => {
  const press = open();
  expect(press(row(1), 'a')).toEqual([1, false]);
  for (const modifier of ['altKey', 'ctrlKey', 'metaKey', 'shiftKey'])
    expect(press(row(1), 'ArrowDown', { [modifier]: true }), modifier).toEqual([1, false]);
  expect(press(document.querySelector('button') ?? undefined, 'ArrowDown')).toEqual([0, false]);
});
