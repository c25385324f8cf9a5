// @vitest-environment happy-dom
import { act, renderHook } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { useRemoteDraft } from './use-remote-draft.js';

interface Given {
  readonly draft: string;
  readonly editing: boolean;
}

/** Renders a field whose typed text becomes the draft, with the draft known to the server. */
function open(given: Given) {
  const setText = vi.fn();
  const { result, rerender } = renderHook((now: Given) => useRemoteDraft({ ...now, setText }), {
    initialProps: given,
  });
  setText.mockClear();
  return {
    texts: () => setText.mock.calls.flat(),
    change: rerender,
    focus: () => act(() => result.current.onFocus()),
    blur: () => act(() => result.current.onBlur()),
  };
}

test('a draft from another device fills the field while it has no focus', () => {
  const { texts, change } = open({ draft: '', editing: false });
  change({ draft: 'from the phone', editing: false });
  expect(texts()).toEqual(['from the phone']);
  change({ draft: 'from the phone', editing: false });
  expect(texts()).toEqual(['from the phone']);
  change({ draft: '', editing: false });
  expect(texts()).toEqual(['from the phone', '']);
});

test('a draft from another device waits until the field loses the focus', () => {
  const { texts, change, focus, blur } = open({ draft: '', editing: false });
  focus();
  change({ draft: 'one', editing: false });
  change({ draft: 'two', editing: false });
  expect(texts()).toEqual([]);
  blur();
  expect(texts()).toEqual(['two']);
});

test('a draft does not replace a message being edited until the edit ends', () => {
  const { texts, change, focus, blur } = open({ draft: '', editing: true });
  change({ draft: 'one', editing: true });
  focus();
  blur();
  expect(texts()).toEqual([]);
  change({ draft: 'one', editing: false });
  expect(texts()).toEqual(['one']);
});

test('the field shows the draft when the conversation opens', () => {
  const setText = vi.fn();
  renderHook(() => useRemoteDraft({ draft: 'kept', editing: false, setText }));
  expect(setText.mock.calls).toEqual([['kept']]);
  const whileEditing = vi.fn();
  renderHook(() => useRemoteDraft({ draft: 'kept', editing: true, setText: whileEditing }));
  expect(whileEditing).not.toHaveBeenCalled();
});
