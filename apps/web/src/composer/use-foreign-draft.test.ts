// @vitest-environment happy-dom
import { act, renderHook } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { useForeignDraft } from './use-foreign-draft.js';

interface Given {
  readonly draft: string;
  readonly editing: boolean;
}

/** A field that holds what was written here, with the draft as the server knows it. */
function open(given: Given) {
  const setText = vi.fn();
  const { result, rerender } = renderHook((now: Given) => useForeignDraft({ ...now, setText }), {
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

test('a draft from another device fills the field while nobody writes in it', () => {
  const { texts, change } = open({ draft: '', editing: false });
  change({ draft: 'from the phone', editing: false });
  expect(texts()).toEqual(['from the phone']);
  change({ draft: 'from the phone', editing: false });
  expect(texts()).toEqual(['from the phone']);
  change({ draft: '', editing: false });
  expect(texts()).toEqual(['from the phone', '']);
});

test('a draft from another device waits until the field is left', () => {
  const { texts, change, focus, blur } = open({ draft: '', editing: false });
  focus();
  change({ draft: 'one', editing: false });
  change({ draft: 'two', editing: false });
  expect(texts()).toEqual([]);
  blur();
  expect(texts()).toEqual(['two']);
});

test('no draft takes the place of a message that is being edited, until that ends', () => {
  const { texts, change, focus, blur } = open({ draft: '', editing: true });
  change({ draft: 'one', editing: true });
  focus();
  blur();
  expect(texts()).toEqual([]);
  change({ draft: 'one', editing: false });
  expect(texts()).toEqual(['one']);
});

test('the field holds the draft as the conversation opens', () => {
  const setText = vi.fn();
  renderHook(() => useForeignDraft({ draft: 'kept', editing: false, setText }));
  expect(setText.mock.calls).toEqual([['kept']]);
  const whileEditing = vi.fn();
  renderHook(() => useForeignDraft({ draft: 'kept', editing: true, setText: whileEditing }));
  expect(whileEditing).not.toHaveBeenCalled();
});
