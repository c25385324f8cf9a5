/**
 * Moves the focus from a row that is being removed, while it is still in the document: to the same conversation in another section,
 * otherwise to the row below or above.
 */
export function keepRowFocus(row: HTMLElement): void {
  const rows = [...document.querySelectorAll<HTMLElement>('a[data-conversation]')];
  const link = row.querySelector<HTMLElement>('a[data-conversation]');
  const at = link === null ? -1 : rows.indexOf(link);
  const selector = `a[data-conversation="${link?.dataset['conversation']}"]`;
  // Runs after the list has rendered.
  queueMicrotask(() => {
    const next = [document.querySelector<HTMLElement>(selector), rows[at + 1], rows[at - 1]];
    next.find((one) => one?.isConnected === true)?.focus();
  });
}
