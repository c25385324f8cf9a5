/**
 * Returns the pasted files to attach; none if the clipboard holds text of which the picture is only a rendering, as spreadsheets and word
 * processors put it there next to the text.
 */
export function pastedFiles(clipboard: DataTransfer): readonly File[] {
  const files = [...clipboard.files];
  const isRendering =
    files.length > 0 && files.every(({ type }) => type.startsWith('image/')) && hasText(clipboard, files);
  return isRendering ? [] : files;
}

/** Returns whether there is text that says more than which files or which picture were copied. */
function hasText(clipboard: DataTransfer, files: readonly File[]): boolean {
  const text = clipboard.getData('text/plain').trim();
  if (text === '') return false;
  const html = clipboard.getData('text/html');
  // A picture copied from a page: its markup has no text, and the plain text may be its address.
  if (html !== '') return new DOMParser().parseFromString(html, 'text/html').body.textContent?.trim() !== '';
  // Files copied in a file manager: the text is their names, paths or addresses.
  const names = new Set(files.map(({ name }) => name));
  return !text.split(/[\r\n]+/).every((line) => names.has(lastSegment(line)));
}

function lastSegment(line: string): string {
  const segment = line.trim().split(/[\\/]/).at(-1) ?? '';
  try {
    return line.startsWith('file:') ? decodeURIComponent(segment) : segment;
  } catch {
    return segment;
  }
}
