import { decodeItemJson } from '@everywire/protocol/internal';
import type { Connect } from '../transport.js';
import { type AskTicket, attachByTicket, type TicketSink } from './by-ticket.js';
import { fetchScript } from './fetch-script.js';
import { askByForm } from './form-answer.js';
import { whenLoaded } from './when-loaded.js';

const askTicket: AskTicket = (request, sink, onEnded) => askByForm({ ...request, messages: [] }, sink, onEnded);

/**
 * Polls by scripts, for pages that cannot read answers of the server's origin. Each response contains one batch of
 * items. HTML forms post the bodies.
 */
export const connect: Connect = (request, events) =>
  attachByTicket(request, events, askTicket, (query, sink) =>
    whenLoaded(() =>
      fetchScript(
        `${request.url}/jsonp-poll?${query}`,
        (text) => takeLines(text, sink),
        () => sink.onEnded(false),
      ),
    ),
  );

function takeLines(text: string, sink: TicketSink): void {
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    if (lines[at] && decodeItemJson(lines[at]!, sink)) {
      sink.onEnded(false, 'damaged');
      return;
    }
  }
  sink.onEnded(true);
}
