// @vitest-environment happy-dom
import { act, cleanup, renderHook } from '@testing-library/react';
import type { FocusEvent, PointerEvent } from 'react';
import { afterEach, expect, test } from 'vitest';
import { useToolsShown } from './use-tools-shown.js';

const pointer = (pointerType: string) => ({ pointerType }) as PointerEvent;

/** Renders the hook of a row, whose tools are shown while the pointer or the focus is near. */
function open() {
  const { result } = renderHook(() => useToolsShown());
  const row = document.createElement('div');
  const button = row.appendChild(document.createElement('button'));
  const blur = (relatedTarget: EventTarget | null) =>
    act(() => result.current.events.onBlur({ currentTarget: row, relatedTarget } as Partial<FocusEvent> as FocusEvent));
  const near = () => result.current.near;
  const keep = (kept: boolean) => act(() => result.current.keep(kept));
  return { near, keep, blur, row, button, events: () => result.current.events };
}

afterEach(cleanup);

test('a row shows its tools under the mouse, but not under a finger or a pen', () => {
  const { near, events } = open();
  expect(near()).toBe(false);
  act(() => events().onPointerEnter(pointer('touch')));
  act(() => events().onPointerEnter(pointer('pen')));
  expect(near()).toBe(false);
  act(() => events().onPointerEnter(pointer('mouse')));
  expect(near()).toBe(true);
  act(() => events().onPointerLeave());
  expect(near()).toBe(false);
});

test('a row shows its tools while it contains the focus', () => {
  const { near, events, blur, row, button } = open();
  act(() => events().onFocus());
  expect(near()).toBe(true);
  blur(button);
  expect(near()).toBe(true);
  blur(row);
  expect(near()).toBe(true);
  blur(document.body);
  expect(near()).toBe(false);
  act(() => events().onFocus());
  blur(null);
  expect(near()).toBe(false);
});

test('a tap toggles the tools, a mouse click does not', () => {
  const { near, events } = open();
  act(() => events().onPointerUp(pointer('mouse')));
  expect(near()).toBe(false);
  act(() => events().onPointerUp(pointer('touch')));
  expect(near()).toBe(true);
  act(() => events().onPointerUp(pointer('touch')));
  expect(near()).toBe(false);
});

test('a row keeps its tools while its menu is open', () => {
  const { near, events, keep } = open();
  act(() => events().onPointerEnter(pointer('mouse')));
  keep(true);
  act(() => events().onPointerLeave());
  expect(near()).toBe(true);
  keep(false);
  expect(near()).toBe(false);
});
