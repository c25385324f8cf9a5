/**
 * Waits for the page: until it has loaded, its own load event and the browser's loading bar would wait for every frame and script
 * that is under way, and one that is held open would hold them for ever.
 *
 * @param open called after this turn at the earliest. @returns ends what it opened, or the wait
 */
export function whenLoaded(open: () => () => void): () => void {
  let close: (() => void) | undefined;
  const look = (): void => {
    if (document.readyState === 'complete') close = open();
    else timer = setTimeout(look, 20);
  };
  let timer = setTimeout(look, 0);
  return () => {
    clearTimeout(timer);
    close?.();
  };
}
