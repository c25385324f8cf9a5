import type { Key } from './keys.js';
import type { Frame, Size } from './screen.js';

/** A view on the screen, which is redrawn after each change and receives every key. */
export interface View {
  render(size: Size): Frame;
  onKey(key: Key): void;
}
