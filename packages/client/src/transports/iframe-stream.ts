import type { Connect } from '../transport.js';
import { askByPost } from './ask-by-post.js';
import { attachByTicket } from './by-ticket.js';
import { openDocument } from './document-stream.js';
import { whenLoaded } from './when-loaded.js';

/** Starts a stream: a document in a hidden frame that never stops loading and passes each item to the page. */
export const connect: Connect = (request, events) =>
  attachByTicket(request, events, askByPost, (query, sink) =>
    whenLoaded(() => openDocument(window, `${request.url}/iframe-stream?${query}`, sink)),
  );
