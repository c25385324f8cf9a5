/** The part of a key press that decides whether it sends. */
export interface KeyPress {
  readonly key: string;
  /** 229 while an input method has the key. Safari reports `isComposing` false for the Enter that ends a composition, and still 229. */
  readonly keyCode: number;
  readonly isComposing: boolean;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** Whether this press sends the message. Never while an input method is composing; on a touch keyboard Enter is a new line. */
export function sendsMessage(press: KeyPress, sendWith: 'enter' | 'ctrl-enter', touchKeyboard: boolean): boolean {
  if (press.key !== 'Enter' || press.isComposing || press.keyCode === 229) return false;
  if (press.shiftKey || press.altKey) return false;
  if (press.ctrlKey || press.metaKey) return true;
  return sendWith === 'enter' && !touchKeyboard;
}
