import { expect, test, vi } from 'vitest';
import { forwardScrollKey } from './forward-scroll-key.js';

function press(key: string, modifiers: { readonly shiftKey?: boolean; readonly ctrlKey?: boolean } = {}) {
  const preventDefault = vi.fn();
  const onScrollKey = vi.fn();
  const none = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };
  const taken = forwardScrollKey({ key, ...none, ...modifiers, preventDefault }, onScrollKey);
  return [taken, onScrollKey.mock.calls.flat(), preventDefault.mock.calls.length];
}

test.each(['PageUp', 'PageDown', 'Home', 'End'])('%s in an empty field scrolls the messages', (key) => {
  expect(press(key)).toEqual([true, [key], 1]);
});

test('other keys and keys with a modifier are left to the field', () => {
  expect([press('ArrowUp'), press('a'), press('Home', { shiftKey: true }), press('End', { ctrlKey: true })]).toEqual(
    Array.from({ length: 4 }, () => [false, [], 0]),
  );
});
