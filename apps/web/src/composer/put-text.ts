/**
 * Sets the text and the caret of a field that React controls, and focuses it. The change is synchronous, because the next letter may be
 * typed before React renders; React then finds the same text and leaves the caret where it is.
 */
export function putText(field: HTMLTextAreaElement, text: string, caret: number): void {
  field.value = text;
  field.setSelectionRange(caret, caret);
  field.focus();
}
