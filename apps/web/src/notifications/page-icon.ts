/** Sets the tab's icon, with a dot while messages wait. The icons are files of this server, as the content security policy requires. */
export function showPageIcon(waiting: boolean): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const address = waiting ? '/icon-unread.svg' : '/icon.svg';
  if (link !== null && link.getAttribute('href') !== address) link.setAttribute('href', address);
}
