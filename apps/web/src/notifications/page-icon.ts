/** The icon of the tab: with a dot while something waits that would notify. Files of this server, as the content security policy wants. */
export function showPageIcon(waiting: boolean): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const address = waiting ? '/icon-unread.svg' : '/icon.svg';
  if (link !== null && link.getAttribute('href') !== address) link.setAttribute('href', address);
}
