import { describe, expect, test } from 'vitest';
import { type KeyPress, sendsMessage } from './enter-key.js';

function enter(change: Partial<KeyPress> = {}): KeyPress {
  return {
    key: 'Enter',
    shiftKey: false,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    ...change,
  };
}

describe('sendsMessage', () => {
  test('[item 4] Enter sends, Shift+Enter and Alt+Enter do not', () => {
    expect(sendsMessage(enter(), 'enter', false)).toBe(true);
    expect(sendsMessage(enter({ shiftKey: true }), 'enter', false)).toBe(false);
    expect(sendsMessage(enter({ altKey: true }), 'enter', false)).toBe(false);
  });

  test('[item 4] set to Ctrl+Enter, only Ctrl or ⌘ with Enter send', () => {
    expect(sendsMessage(enter(), 'ctrl-enter', false)).toBe(false);
    expect(sendsMessage(enter({ ctrlKey: true }), 'ctrl-enter', false)).toBe(true);
    expect(sendsMessage(enter({ metaKey: true }), 'ctrl-enter', false)).toBe(true);
  });

  test('[item 4] on a touch keyboard Enter is a new line', () => {
    expect(sendsMessage(enter(), 'enter', true)).toBe(false);
  });

  test('other keys do not send', () => {
    expect(sendsMessage(enter({ key: 'a', ctrlKey: true }), 'enter', false)).toBe(false);
  });
});
