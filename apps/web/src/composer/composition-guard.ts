/** The time in milliseconds after `compositionend` in which Safari reports the key that ended the composition. */
const LATE_KEY_MS = 50;
/** Keys that select, confirm and dismiss, both in an input method and on the page. */
const controlKeys: ReadonlySet<string> = new Set([
  'Enter',
  'Escape',
  'Tab',
  'ArrowUp',
  'ArrowDown',
  'ArrowLeft',
  'ArrowRight',
]);

/**
 * Hides the keys that an input method uses from the page: the Enter that accepts a candidate sends nothing, and the Escape that closes the
 * candidates closes no dialog. Listens in the capture phase, so that no picker, dialog or composer needs its own check. Safari reports the
 * key that ended a composition after `compositionend`, often as an ordinary key. In other browsers a key that soon follows is a separate
 * one: on a phone, Enter first ends the composition and is then pressed.
 */
export function guardCompositions(window: EventTarget, reportsEndLate: () => boolean): void {
  /** The field with a composition. If it is removed meanwhile, it fires no `compositionend`. */
  let field: EventTarget | null = null;
  let endedAt = Number.NEGATIVE_INFINITY;
  const listen = <Type extends Event>(name: string, handle: (event: Type) => void): void =>
    window.addEventListener(name, (event) => handle(event as Type), { capture: true });

  listen('compositionstart', ({ target }) => {
    field = target;
  });
  listen('compositionend', ({ timeStamp }) => {
    field = null;
    endedAt = reportsEndLate() ? timeStamp : Number.NEGATIVE_INFINITY;
  });
  listen<KeyboardEvent>('keydown', (event) => {
    const composing = event.isComposing || event.keyCode === 229 || (field !== null && event.target === field);
    const late = controlKeys.has(event.key) && event.timeStamp - endedAt < LATE_KEY_MS;
    if (!composing && !late) return;
    event.stopImmediatePropagation();
    if (!composing) event.preventDefault();
    // Only one key is late; the next one was pressed separately.
    if (late) endedAt = Number.NEGATIVE_INFINITY;
  });
}

/** Returns whether the browser is based on Apple's WebKit. */
export function isSafari(): boolean {
  return navigator.vendor.startsWith('Apple');
}
