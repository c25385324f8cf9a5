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
  document.body.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  return done;
}
