import type { Key } from './keys.js';
import type { Frame, Size } from './screen.js';

/** What is on the screen: drawn anew whenever it has changed, and given every key. */
export interface View {
  render(size: Size): Frame;
  onKey(key: Key): void;
}
