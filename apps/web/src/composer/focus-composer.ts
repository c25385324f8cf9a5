/** Puts the caret in the composer of the open conversation, if there is one. */
export function focusComposer(): void {
  document.querySelector<HTMLElement>('[data-composer]')?.focus();
}

/** Where a keyboard covers half the screen, nothing opens it but the person. */
export function hasTouchKeyboard(): boolean {
  return matchMedia('(pointer: coarse)').matches;
}
