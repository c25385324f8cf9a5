/**
 * Puts a text and the caret into a field that React controls, and gives it the focus. Both stand there at once, before React draws the same text, which leaves
 * the caret alone then: the next letter may be typed before the next frame.
 */
export function putText(field: HTMLTextAreaElement, text: string, caret: number): void {
  field.value = text;
  field.setSelectionRange(caret, caret);
  field.focus();
}
