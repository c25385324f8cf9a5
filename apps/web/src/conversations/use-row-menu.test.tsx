// @vitest-environment happy-dom
import { act, fireEvent } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { fakeTimeouts } from '../test-kit/fake-timeouts.js';
import { renderInPage } from '../test-kit/render-in-page.js';
import { useRowMenu } from './use-row-menu.js';

const wait = fakeTimeouts();

type Hook = ReturnType<typeof useRowMenu>;

interface ListProps {
  readonly onHook: (hook: Hook) => void;
  readonly onClick: () => void;
}

/** Renders three rows: a link, a row with a button, and one with neither. */
function List({ onHook, onClick }: ListProps) {
  const hook = useRowMenu('data-row');
  onHook(hook);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it holds the rows
    // biome-ignore lint/a11y/useKeyWithClickEvents: only clicks are counted
    <div {...hook.handlers} onClick={onClick}>
      <a data-row="1" href="#1">
        <b>first</b>
      </a>
      <div data-row="2">
        <button type="button">second</button>
      </div>
      <p data-row="3">third</p>
      <i>no row</i>
    </div>
  );
}

/** `menu()` returns the id and place of the open menu. */
function open() {
  const hooks: Hook[] = [];
  const onClick = vi.fn();
  const { getByText, unmount } = renderInPage(<List onHook={(hook) => hooks.push(hook)} onClick={onClick} />);
  const current = () => hooks.at(-1) as Hook;
  const menu = () => {
    const { menu: shown } = current();
    return shown === null ? null : [shown.id, shown.place.left, shown.place.top, shown.place.returnTo.textContent];
  };
  return { at: (text: string) => getByText(text), menu, current, onClick, unmount };
}

describe('the menu of a row', () => {
  test('the secondary button opens the row menu at the pointer instead of the browser’s menu', () => {
    const { at, menu } = open();
    expect(menu()).toBeNull();
    expect(fireEvent.contextMenu(at('first'), { clientX: 10, clientY: 20 })).toBe(false);
    expect(menu()).toEqual([1, 10, 20, 'first']);
    fireEvent.contextMenu(at('second'), { clientX: 11, clientY: 21 });
    expect(menu()).toEqual([2, 11, 21, 'second']);
    fireEvent.contextMenu(at('third'), { clientX: 12, clientY: 22 });
    expect(menu()).toEqual([3, 12, 22, 'third']);
  });

  test('a press held while the list unmounts opens nothing', () => {
    vi.useFakeTimers();
    const { at, unmount } = open();
    fireEvent.pointerDown(at('first'), { pointerType: 'touch', clientX: 1, clientY: 2 });
    expect(vi.getTimerCount()).toBe(1);
    unmount();
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  test('events outside the rows are left to the browser', async () => {
    const { at, menu } = open();
    expect(fireEvent.contextMenu(at('no row'))).toBe(true);
    expect(fireEvent.keyDown(at('no row'), { key: 'ContextMenu' })).toBe(true);
    fireEvent.pointerDown(at('no row'), { pointerType: 'touch' });
    await wait(1_000);
    expect(menu()).toBeNull();
  });

  test.each([
    ['the menu key', { key: 'ContextMenu' }, true],
    ['Shift and F10', { key: 'F10', shiftKey: true }, true],
    ['F10', { key: 'F10' }, false],
    ['Shift and F9', { key: 'F9', shiftKey: true }, false],
  ])('%s opens the menu at the row: %j %s', (_, key, opens) => {
    const { at, menu } = open();
    const row = at('first').parentElement as HTMLElement;
    row.getBoundingClientRect = () => new DOMRect(5, 6, 70, 80);
    expect(fireEvent.keyDown(at('first'), key)).toBe(!opens);
    expect(menu()).toEqual(opens ? [1, 5, 6, 'first'] : null);
  });

  test('the menu opens at a row’s button and closes', () => {
    const { at, menu, current } = open();
    const { openAt } = current();
    const button = at('second');
    button.getBoundingClientRect = () => new DOMRect(7, 8, 9, 10);
    act(() => openAt(2, button));
    expect([menu(), current().menu?.place.width]).toEqual([[2, 7, 8, 'second'], 9]);
    expect(current().openAt).toBe(openAt);
    act(() => current().close());
    expect(menu()).toBeNull();
  });
});

describe('a long press', () => {
  const press = (at: HTMLElement, pointerType = 'touch') =>
    fireEvent.pointerDown(at, { pointerType, clientX: 100, clientY: 50 });

  test('a long press opens the menu after half a second at the finger', async () => {
    const { at, menu } = open();
    press(at('first'));
    await wait(499);
    expect(menu()).toBeNull();
    await wait(1);
    expect(menu()).toEqual([1, 100, 50, 'first']);
  });

  test('a long press of the mouse opens nothing', async () => {
    const { at, menu } = open();
    press(at('first'), 'mouse');
    await wait(1_000);
    expect(menu()).toBeNull();
  });

  test('a long press suppresses only the click that follows it', async () => {
    const { at, onClick } = open();
    press(at('first'));
    await wait(500);
    fireEvent.pointerUp(at('first'));
    expect(fireEvent.click(at('first'))).toBe(false);
    expect(onClick).not.toHaveBeenCalled();
    expect(fireEvent.click(at('third'))).toBe(true);
    expect(onClick).toHaveBeenCalledTimes(1);
    press(at('first'));
    await wait(500);
    press(at('first'));
    fireEvent.pointerUp(at('first'));
    fireEvent.click(at('first'));
    expect(onClick).toHaveBeenCalledTimes(2);
  });

  test.each([
    ['10 px across', 110, 50, true],
    ['11 px across', 111, 50, false],
    ['11 px up', 100, 39, false],
    ['11 px aslant', 108, 58, false],
  ])('a long press tolerates a small movement: %s', async (_, clientX, clientY, opens) => {
    const { at, menu } = open();
    press(at('first'));
    fireEvent.pointerMove(at('first'), { clientX, clientY });
    await wait(500);
    expect(menu() !== null).toBe(opens);
  });

  test.each([
    ['is released', (row: HTMLElement) => fireEvent.pointerUp(row)],
    ['is taken by the browser', (row: HTMLElement) => fireEvent.pointerCancel(row)],
    ['fires the browser’s context menu event', (row: HTMLElement) => fireEvent.contextMenu(row)],
  ])('a long press ends if it %s', async (_, end) => {
    const { at, current, onClick } = open();
    press(at('first'));
    await wait(499);
    end(at('first'));
    act(() => current().close());
    await wait(1_000);
    expect(current().menu).toBeNull();
    fireEvent.click(at('first'));
    expect(onClick).toHaveBeenCalledTimes(1);
  });
});
