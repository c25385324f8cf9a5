import { createEventStreamDecoder, decodeItemJson } from '@everywire/protocol/internal';
import type { Connect } from '../transport.js';
import { askByPost } from './ask-by-post.js';
import { attachByTicket } from './by-ticket.js';
import { createFetchCarrier } from './fetch-carrier.js';
import { lineUnitsMax } from './line-units-max.js';

/** Reads the stream by the browser's `EventSource`, which can only send GET requests. */
const byEventSource: Connect = (request, events) =>
  attachByTicket(request, events, askByPost, (query, sink) => {
    const source = new EventSource(`${request.url}/event-stream?${query}`);
    let opened = false;
    source.onopen = () => {
      opened = true;
      sink.onOpened();
    };
    source.onmessage = ({ data }) => {
      if (decodeItemJson(data, sink)) sink.onEnded(false, 'damaged');
    };
    source.addEventListener('end', () => sink.onEnded(true));
    // Closes the source, because the browser would retry with the spent ticket. The session makes a new attach.
    source.onerror = () => {
      source.close();
      if (opened) sink.onEnded(false);
      else sink.onSpent();
    };
    return () => source.close();
  });

/** Reads the same stream by POST, without a ticket. */
const byFetch: Connect = createFetchCarrier('event-stream', (sink, messageBytesMax) =>
  createEventStreamDecoder(sink, lineUnitsMax(messageBytesMax)),
);

/**
 * Starts an event stream. Uses `fetch` if the application has its own, because `EventSource` cannot send what that
 * function adds to requests, such as headers.
 */
export const connect: Connect = (request, events) =>
  (request.fetch || !globalThis.EventSource ? byFetch : byEventSource)(request, events);
