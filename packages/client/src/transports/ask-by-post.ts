import { decodeItemJson } from '@everywire/protocol/internal';
import type { AskTicket } from './by-ticket.js';
import { post, readRecordText } from './fetch-carrier.js';

/** Asks for a ticket by a POST. */
export const askByPost: AskTicket = (request, sink, onEnded) => {
  const abort = new AbortController();
  post(request, 'ticket', abort.signal)
    .then((response) => readRecordText(response).then((text) => response.ok && !decodeItemJson(text, sink)))
    // The cause is a network failure, a truncated response, or the caller's abort. After an abort, the report is
    // ignored.
    .then(onEnded, () => onEnded('cut'));
  return () => abort.abort();
};
