/** Puts text on the clipboard. Pages over plain HTTP have no clipboard interface, so the old way stands behind it. */
export async function copyText(text: string): Promise<boolean> {
  if (navigator.clipboard !== undefined) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Refused, for example without focus: the old way may still be allowed.
    }
  }
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'hide';
  // Only what has the focus is copied, and a dialog lets nothing outside it have that.
  const before = document.activeElement;
  (before?.closest('[role="dialog"]') ?? document.body).append(field);
  field.focus({ preventScroll: true });
  field.select();
  const done = document.execCommand('copy');
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  field.remove();
  return done;
}
