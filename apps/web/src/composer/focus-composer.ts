let last: HTMLElement | null = null;

/** Remembers the composer used last, because a thread has its own one. `focusComposer` returns to it. */
export function rememberComposer(field: HTMLElement): void {
  last = field;
}

/** Focuses a composer: the one in the pane of `near`, otherwise the one used last. Returns whether there is one. */
export function focusComposer(near: Element | null = null): boolean {
  const inPane = near?.closest('.pane')?.querySelector<HTMLElement>('[data-composer]') ?? null;
  const field = inPane ?? (last?.isConnected === true ? last : document.querySelector<HTMLElement>('[data-composer]'));
  field?.focus();
  return field !== null;
}

/**
 * Returns whether focusing a field opens an on-screen keyboard. Then the page must not focus fields by itself, because the keyboard covers
 * half the screen.
 */
export function hasTouchKeyboard(): boolean {
  return matchMedia('(pointer: coarse)').matches;
}
