// @vitest-environment happy-dom
import { act, renderHook } from '@testing-library/react';
import { describe, expect, it, test } from 'vitest';
import { useText, withoutSentText } from './use-text.js';

test('the current text changes synchronously, the rendered text with the next render', () => {
  const { result, rerender } = renderHook(({ first }) => useText(first), { initialProps: { first: 'draft' } });
  const { now, setText } = result.current;
  expect([now.current, result.current.text]).toEqual(['draft', 'draft']);
  act(() => {
    setText('tern');
    expect([now.current, result.current.text]).toEqual(['tern', 'draft']);
  });
  expect([now.current, result.current.text]).toEqual(['tern', 'tern']);
  rerender({ first: 'another draft' });
  expect([now.current, result.current.text]).toEqual(['tern', 'tern']);
  expect([result.current.now, result.current.setText]).toEqual([now, setText]);
});

describe('withoutSentText', () => {
  it.each([
    ['hello', 'hello', ''],
    ['  hello\n', 'hello', ''],
    ['hello and more', 'hello', 'and more'],
    ['hello  and more \n', 'hello', 'and more \n'],
    ['something else', 'hello', 'something else'],
    ['  say hello', 'hello', '  say hello'],
    ['typed next to a voice message', '', 'typed next to a voice message'],
  ])('withoutSentText(%j, %j) is %j', (text, said, stays) => {
    expect(withoutSentText(text, said)).toBe(stays);
  });
});
