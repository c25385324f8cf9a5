import { decodeItemJson } from '@everywire/protocol/internal';
import type { AskTicket } from './by-ticket.js';
import { post, readRecord } from './fetch-carrier.js';

/** Where script can post. */
export const askByPost: AskTicket = (request, sink, onEnded) => {
  const abort = new AbortController();
  post(request, 'ticket', abort.signal)
    .then((response) => readRecord(response).then((text) => response.ok && !decodeItemJson(text, sink)))
    // The network, a truncated answer, or our own abort, after which nobody listens.
    .then(onEnded, () => onEnded('cut'));
  return () => abort.abort();
};
