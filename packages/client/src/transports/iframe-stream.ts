import type { Connect } from '../transport.js';
import { askByPost, attachByTicket } from './by-ticket.js';
import { openDocument } from './document-stream.js';

/** One document that goes on loading in a hidden frame, and calls the page for each item. */
export const connect: Connect = (request, events) =>
  attachByTicket(request, events, askByPost, (query, sink) => {
    let close = (): void => undefined;
    let given = false;
    // Before the page itself has loaded, its own load event and the browser's loading bar would wait for the frame for ever.
    const stop = whenLoaded(() => {
      if (!given) close = openDocument(window, `${request.url}/iframe-stream?${query}`, sink);
    });
    return () => {
      given = true;
      stop();
      close();
    };
  });

/** After this turn at the earliest. @returns stops waiting */
function whenLoaded(act: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const look = (): void => {
    if (document.readyState === 'complete') act();
    else timer = setTimeout(look, 20);
  };
  timer = setTimeout(look, 0);
  return () => clearTimeout(timer);
}
