// @vitest-environment happy-dom
import { act } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { pendingCalls } from '../test-kit/pending-calls.js';
import { chatWith, renderHookInPage } from '../test-kit/render-in-page.js';
import { useServerValue } from './use-server-value.js';

/** Renders the hook. `asks` are the requests to the server, which a test answers. */
function open() {
  const asks = pendingCalls<[], string>();
  const chat = chatWith();
  const { result, rerender } = renderHookInPage((ask: () => Promise<string>) => useServerValue(ask), {
    chat,
    initialProps: asks.call,
  });
  const shown = () => [result.current.value, result.current.problem];
  return { asks, chat, rerender, shown, refetch: () => act(() => result.current.refetch()) };
}

describe('useServerValue', () => {
  test('useServerValue loads once and shows the answer', async () => {
    const { asks, shown } = open();
    expect([asks.given.length, shown()]).toEqual([1, [null, null]]);
    await asks.answer(0, 'first');
    expect([asks.given.length, shown()]).toEqual([1, ['first', null]]);
  });

  test('useServerValue keeps the last answer along with an error code, which the next answer clears', async () => {
    const { asks, shown, refetch } = open();
    await asks.answer(0, 'first');
    refetch();
    await asks.refuse(1, 'offline');
    expect(shown()).toEqual(['first', 'offline']);
    refetch();
    expect(shown()).toEqual(['first', 'offline']);
    await asks.answer(2, 'second');
    expect(shown()).toEqual(['second', null]);
  });

  test('useServerValue drops the answer and the failure of an older request', async () => {
    const { asks, shown, refetch } = open();
    refetch();
    refetch();
    await asks.answer(2, 'third');
    await asks.answer(0, 'first');
    await asks.refuse(1, 'offline');
    expect(shown()).toEqual(['third', null]);
  });

  test('useServerValue loads again when the connection is lost and when it returns', async () => {
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

  test('useServerValue loads again with a new function and drops the answer of the old one', async () => {
    const { asks, shown, rerender } = open();
    const others = pendingCalls<[], string>();
    rerender(others.call);
    await others.answer(0, 'other');
    await asks.answer(0, 'first');
    expect([asks.given.length, others.given.length, shown()]).toEqual([1, 1, ['other', null]]);
  });
});
