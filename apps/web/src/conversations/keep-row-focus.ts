/**
 * Called as a row of the list goes that has the focus, while it is still there: the same conversation gets it where it stands in another section by then,
 * else the row below, or the one above.
 */
export function keepRowFocus(row: HTMLElement): void {
  const rows = [...document.querySelectorAll<HTMLElement>('a[data-conversation]')];
  const link = row.querySelector<HTMLElement>('a[data-conversation]');
  const at = link === null ? -1 : rows.indexOf(link);
  const selector = `a[data-conversation="${link?.dataset['conversation']}"]`;
  // Once the list is drawn.
  queueMicrotask(() => {
    const next = [document.querySelector<HTMLElement>(selector), rows[at + 1], rows[at - 1]];
    next.find((one) => one?.isConnected === true)?.focus();
  });
}
