import { decodeItemJson } from '@everywire/protocol/internal';
import type { AskTicket } from './by-ticket.js';
import { post, readRecordText } from './fetch-carrier.js';
import { factsOf, factsOfFailure } from './refusal-of.js';

/** Asks for a ticket by a POST. */
export const askByPost: AskTicket = (request, sink, onEnded) => {
  const abort = new AbortController();
  post(request, 'ticket', abort.signal)
    .then(async (response) => {
      // Throws, before anything waits for the text, if the application's own `fetch` resolved to no response.
      const { ok, status } = response;
      const text = readRecordText(response);
      if (ok && !decodeItemJson(await text, sink)) return onEnded(true);
      const facts = await factsOf(status, text);
      abort.abort();
      onEnded(false, facts);
    })
    // The cause is a network failure, a truncated response, or the caller's abort. After an abort, the report is
    // ignored.
    .catch((error) => onEnded('cut', factsOfFailure(error)));
  return () => abort.abort();
};
