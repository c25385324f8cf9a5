/** Where a key that ended a composition is told after `compositionend`, it is told within this. */
const trailMs = 50;
/** What chooses, confirms and puts away, in an input method as in the page. */
const deciding: ReadonlySet<string> = new Set([
  'Enter',
  'Escape',
  'Tab',
  'ArrowUp',
  'ArrowDown',
  'ArrowLeft',
  'ArrowRight',
]);

/**
 * A key that an input method has is nobody else's: the Enter that takes a candidate sends nothing, the Esc that puts the candidates away closes no dialog.
 * Seen here before anybody in the page sees it, so that no picker, dialog or composer needs a rule of its own.
 *
 * Safari tells the key that ended a composition after `compositionend`, often as any other key. Elsewhere a key that soon follows is one of its own: a
 * phone's Enter ends its composition first and then is pressed.
 */
export function guardCompositions(window: EventTarget, reportsEndLate: () => boolean): void {
  /** The field in which one composes: one that went away meanwhile tells of no end. */
  let field: EventTarget | null = null;
  let endedAt = Number.NEGATIVE_INFINITY;
  const listen = <Heard extends Event>(name: string, hear: (event: Heard) => void): void =>
    window.addEventListener(name, (event) => hear(event as Heard), { capture: true });

  listen('compositionstart', ({ target }) => {
    field = target;
  });
  listen('compositionend', ({ timeStamp }) => {
    field = null;
    endedAt = reportsEndLate() ? timeStamp : Number.NEGATIVE_INFINITY;
  });
  listen<KeyboardEvent>('keydown', (event) => {
    const composing = event.isComposing || event.keyCode === 229 || (field !== null && event.target === field);
    const late = deciding.has(event.key) && event.timeStamp - endedAt < trailMs;
    if (!composing && !late) return;
    event.stopImmediatePropagation();
    if (!composing) event.preventDefault();
    // The next one is pressed anew.
    if (late) endedAt = Number.NEGATIVE_INFINITY;
  });
}

export function isSafari(): boolean {
  return navigator.vendor.startsWith('Apple');
}
