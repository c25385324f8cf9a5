import { decodeItemJson } from '@everywire/protocol/internal';
import type { Connect } from '../transport.js';
import { askByPost, attachByTicket } from './by-ticket.js';

/** The browser's own EventSource, which can only GET. */
export const connect: Connect = (request, events) =>
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
    // The browser would ask again with the spent ticket; a new attach needs new counts, so the machine does it.
    source.onerror = () => {
      source.close();
      if (opened) sink.onEnded(false);
      else sink.onSpent();
    };
    return () => source.close();
  });
