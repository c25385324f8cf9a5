// @vitest-environment happy-dom
import { act } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { pendingCalls } from '../test-kit/pending-calls.js';
import { chatWith, renderHookInPage } from '../test-kit/render-in-page.js';
import { useAsked } from './use-asked.js';

function open() {
  const asks = pendingCalls<[], string>();
  const chat = chatWith();
  const { result, rerender } = renderHookInPage((ask: () => Promise<string>) => useAsked(ask), {
    chat,
    initialProps: asks.call,
  });
  const shown = () => [result.current.value, result.current.problem];
  return { asks, chat, rerender, shown, askAgain: () => act(() => result.current.askAgain()) };
}

describe('useAsked', () => {
  test('asks once and shows the answer', async () => {
    const { asks, shown } = open();
    expect([asks.given.length, shown()]).toEqual([1, [null, null]]);
    await asks.answer(0, 'first');
    expect([asks.given.length, shown()]).toEqual([1, ['first', null]]);
  });

  test('keeps the last answer beside the code of a failure, which the next answer clears', async () => {
    const { asks, shown, askAgain } = open();
    await asks.answer(0, 'first');
    askAgain();
    await asks.refuse(1, 'offline');
    expect(shown()).toEqual(['first', 'offline']);
    askAgain();
    expect(shown()).toEqual(['first', 'offline']);
    await asks.answer(2, 'second');
    expect(shown()).toEqual(['second', null]);
  });

  test('drops the answer and the failure of an older question', async () => {
    const { asks, shown, askAgain } = open();
    askAgain();
    askAgain();
    await asks.answer(2, 'third');
    await asks.answer(0, 'first');
    await asks.refuse(1, 'offline');
    expect(shown()).toEqual(['third', null]);
  });

  test('asks again once the connection is back, and after it is lost', async () => {
    const { asks, chat, shown } = open();
    await asks.answer(0, 'first');
    act(() => chat.wire('again'));
    expect(asks.given).toHaveLength(2);
    await asks.refuse(1, 'offline');
    act(() => chat.wire('cut'));
    expect(asks.given).toHaveLength(2);
    act(() => chat.wire('poll'));
    expect(asks.given).toHaveLength(3);
    await asks.answer(2, 'third');
    expect(shown()).toEqual(['third', null]);
    act(() => chat.wire('fine'));
    expect(asks.given).toHaveLength(3);
  });

  test('asks what it is given anew, and drops the answer to what it was given before', async () => {
    const { asks, shown, rerender } = open();
    const others = pendingCalls<[], string>();
    rerender(others.call);
    await others.answer(0, 'other');
    await asks.answer(0, 'first');
    expect([asks.given.length, others.given.length, shown()]).toEqual([1, 1, ['other', null]]);
  });
});
