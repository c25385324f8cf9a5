/**
 * Calls `open` once the page has loaded. If a frame or script were opened earlier, the page's load event and the
 * browser's loading bar would wait until it has loaded, which may be never.
 *
 * @param open called later, never during this call; returns a function that ends what it opened
 * @returns a function that cancels the wait, or ends what `open` opened
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
