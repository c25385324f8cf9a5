/**
 * Waits until the page has loaded. Before that, its load event and the browser's loading bar would wait for every frame and
 * script in progress, and for ever if one is held open.
 *
 * @param open called later, never during this call. @returns a function that ends what it opened, or the wait
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
