// @vitest-environment happy-dom
import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { linWan, message } from '../../fixtures/cast.js';
import type { ComposerHandle } from './composer-handle.js';
import { useComposerMode } from './composer-mode.js';

beforeEach(() => history.replaceState(null, '', '/#/c/7'));
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const row = message(3, linWan, 1, 'x');
const panes = { panel: vi.fn(), pick: vi.fn() };

/** Renders the hook for a conversation. */
function open() {
  const composer = { focus: vi.fn(), put: vi.fn() };
  const reportFailure = vi.fn();
  const ref = { current: composer as Partial<ComposerHandle> as ComposerHandle };
  const { result, rerender } = renderHook(() => useComposerMode(ref, 7, reportFailure, panes));
  return { composer, rerender, reportFailure, mode: () => result.current.mode, hook: () => result.current };
}

test('the composer writes a new message unless a reply or an edit is begun, and again after it ends', () => {
  const { composer, mode, hook } = open();
  expect(mode()).toEqual({ kind: 'write' });
  act(() => hook().targets.reply(row));
  expect([mode(), composer.focus.mock.calls.length]).toEqual([{ kind: 'reply', row }, 1]);
  act(() => hook().targets.edit(row));
  expect([mode(), composer.focus.mock.calls.length]).toEqual([{ kind: 'edit', row }, 2]);
  act(() => hook().endMode());
  expect([mode(), composer.focus.mock.calls.length]).toEqual([{ kind: 'write' }, 2]);
});

test('the message actions reach the composer, the address and the clipboard', async () => {
  const writeText = vi.fn(async () => undefined);
  vi.stubGlobal('navigator', { clipboard: { writeText } });
  const { composer, hook, reportFailure } = open();
  const { targets } = hook();
  targets.restore?.({ text: 'again' });
  expect(composer.put.mock.calls).toEqual([[{ text: 'again' }]]);
  targets.goTo(345);
  expect(location.hash).toBe('#/c/7/m/345');
  targets.thread(34);
  expect(location.hash).toBe('#/c/7/t/34');
  targets.copyLink(345);
  await vi.waitFor(() => expect(writeText.mock.calls).toEqual([[`${location.origin}/#/c/7/m/345`]]));
  expect([targets.panel, targets.pick, targets.reportFailure]).toEqual([panes.panel, panes.pick, reportFailure]);
});

test('the message actions stay the same object when the mode changes', () => {
  const { hook, rerender } = open();
  const { targets, endMode } = hook();
  act(() => targets.reply(row));
  rerender();
  expect([hook().targets === targets, hook().endMode === endMode]).toEqual([true, true]);
});
