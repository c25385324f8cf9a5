import { decodeItemJson } from '@everywire/protocol/internal';
import type { Carrier, CarrierEvents, CarrierRequest, Connect, TransportModule } from '../transport.js';
import type { TransportName } from '../wire-client.js';
import { post, readRecordText } from './fetch-carrier.js';
import { factsOf, factsOfFailure, refusalOf } from './refusal-of.js';

export { SessionController } from '../session-controller.js';

/** The transports that a browser loads on demand, each in its own file. */
export const modules: { readonly [name in TransportName]?: () => Promise<TransportModule> } = {
  'fetch-stream': () => import('./fetch-stream.js'),
  'event-stream': () => import('./event-stream.js'),
  'multipart-stream': () => import('./multipart-stream.js'),
  'xhr-stream': () => import('./xhr-stream.js'),
  'long-poll': () => import('./long-poll.js'),
  'short-poll': () => import('./short-poll.js'),
  'iframe-stream': () => import('./iframe-stream.js'),
  'htmlfile-stream': () => import('./htmlfile-stream.js'),
  'jsonp-poll': () => import('./jsonp-poll.js'),
};

/** Posts one body (an `open` or any other body) and reads one record as its answer. */
export const connect: Connect = (request, events) => {
  const { head } = request;
  if (head && 'blind' in head && head.blind) return connectByForm(request, events);
  const abort = new AbortController();
  const run = async (): Promise<void> => {
    try {
      const response = await post(request, request.head?.t === 'open' ? 'open' : 'up', abort.signal);
      // Throws, before anything waits for the text, if the application's own `fetch` resolved to no response.
      const { ok, status } = response;
      const text = readRecordText(response);
      if (ok && !decodeItemJson(await text, events)) return events.onEnded(true);
      const facts = await factsOf(status, text);
      abort.abort();
      events.onEnded(false, refusalOf(status), facts);
    } catch (error) {
      // The cause is a network failure, a truncated response, or the caller's abort. After an abort, the report is
      // ignored.
      events.onEnded(false, undefined, factsOfFailure(error));
    }
  };
  void run();
  return { close: () => abort.abort() };
};

/** Posts by an HTML form, for pages that cannot read the answers of another origin. */
function connectByForm(request: CarrierRequest, events: CarrierEvents): Carrier {
  let close = (): void => undefined;
  let closed = false;
  import('./form-post.js')
    .then((form) => {
      if (!closed) close = form.connect(request, events).close;
    })
    .catch(() => events.onEnded(false, 'refused'));
  return {
    close: () => {
      closed = true;
      close();
    },
  };
}
