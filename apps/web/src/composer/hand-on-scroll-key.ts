import type { ScrollKey } from '../pane/scroll-geometry.js';
import type { KeyPress } from './enter-key.js';

const keys: readonly string[] = ['PageUp', 'PageDown', 'Home', 'End'] satisfies readonly ScrollKey[];

/** Gives a key that scrolls to the messages, where the field is empty and has no use for it. Returns whether it was one. */
export function handOnScrollKey(
  press: KeyPress & { preventDefault(): void },
  onScrollKey: (key: ScrollKey) => void,
): boolean {
  const { key, shiftKey, ctrlKey, metaKey, altKey } = press;
  if (!keys.includes(key) || shiftKey || ctrlKey || metaKey || altKey) return false;
  press.preventDefault();
  onScrollKey(key as ScrollKey);
  return true;
}
