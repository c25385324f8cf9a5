import type { ScrollKey } from '../pane/scroll-geometry.js';
import type { KeyPress } from './enter-key.js';

const keys: readonly string[] = ['PageUp', 'PageDown', 'Home', 'End'] satisfies readonly ScrollKey[];

/** Forwards a scroll key to the message list when the field is empty. Returns whether the key was one. */
export function forwardScrollKey(
  press: KeyPress & { preventDefault(): void },
  onScrollKey: (key: ScrollKey) => void,
): boolean {
  const { key, shiftKey, ctrlKey, metaKey, altKey } = press;
  if (!keys.includes(key) || shiftKey || ctrlKey || metaKey || altKey) return false;
  press.preventDefault();
  onScrollKey(key as ScrollKey);
  return true;
}
