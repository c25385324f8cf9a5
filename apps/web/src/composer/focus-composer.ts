let last: HTMLElement | null = null;

/** The field one wrote in last is where one goes on writing: a thread has a composer of its own. */
export function noteComposer(field: HTMLElement): void {
  last = field;
}

/** Puts the caret in a composer: the one of the pane that `near` is in, or the one written in last; answers whether there is one. */
export function focusComposer(near: Element | null = null): boolean {
  const inPane = near?.closest('.pane')?.querySelector<HTMLElement>('[data-composer]') ?? null;
  const field = inPane ?? (last?.isConnected === true ? last : document.querySelector<HTMLElement>('[data-composer]'));
  field?.focus();
  return field !== null;
}

/** Where a keyboard covers half the screen, nothing opens it but the person. */
export function hasTouchKeyboard(): boolean {
  return matchMedia('(pointer: coarse)').matches;
}
