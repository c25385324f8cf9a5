/** The part of a key press that decides whether it sends. */
export interface KeyPress {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** Whether this press sends the message. On a touch keyboard Enter is a new line. */
export function sendsMessage(press: KeyPress, sendWith: 'enter' | 'ctrl-enter', touchKeyboard: boolean): boolean {
  if (press.key !== 'Enter') return false;
  if (press.shiftKey || press.altKey) return false;
  if (press.ctrlKey || press.metaKey) return true;
  return sendWith === 'enter' && !touchKeyboard;
}
