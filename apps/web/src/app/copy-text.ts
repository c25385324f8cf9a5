/**
 * Copies text to the clipboard and returns whether it succeeded. Falls back to `execCommand`, because pages over plain HTTP have no
 * clipboard API.
 */
export async function copyText(text: string): Promise<boolean> {
  if (navigator.clipboard !== undefined) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Refused, for example without focus. The fallback may still be allowed.
    }
  }
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'hide';
  // Only the focused field is copied, and a dialog traps the focus, so the field must be inside it.
  const before = document.activeElement;
  (before?.closest('[role="dialog"]') ?? document.body).append(field);
  field.focus({ preventScroll: true });
  field.select();
  const done = document.execCommand('copy');
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  field.remove();
  return done;
}
