/** Puts the caret in the composer of the open conversation; answers whether there is one. */
export function focusComposer(): boolean {
  const composer = document.querySelector<HTMLElement>('[data-composer]');
  composer?.focus();
  return composer !== null;
}

/** Where a keyboard covers half the screen, nothing opens it but the person. */
export function hasTouchKeyboard(): boolean {
  return matchMedia('(pointer: coarse)').matches;
}
