/** Returns whether the browser would prompt before it reloads or closes the page. */
export function asksBeforeUnload(): boolean {
  const leaving = new Event('beforeunload', { cancelable: true });
  window.dispatchEvent(leaving);
  return leaving.defaultPrevented;
}
