/** The part of a key press that decides whether it sends. */
export interface KeyPress {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** Returns whether this key press sends the message. On a touch keyboard, Enter adds a line. */
export function sendsMessage(press: KeyPress, sendWith: 'enter' | 'ctrl-enter', touchKeyboard: boolean): boolean {
  if (press.key !== 'Enter') return false;
  if (press.shiftKey || press.altKey) return false;
  if (press.ctrlKey || press.metaKey) return true;
  return sendWith === 'enter' && !touchKeyboard;
}
