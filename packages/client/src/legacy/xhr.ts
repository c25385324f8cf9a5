import { encodeJsonBody } from '@everywire/protocol/internal';
import type { CarrierRequest, Connect } from '../transport.js';
import type { AskTicket } from '../transports/by-ticket.js';
import { createTextReader } from '../transports/growing-text.js';
import { refusalOf } from '../transports/refusal-of.js';
import { platform } from './platform.js';

/** ActiveX names, newest first. The last exists in every Internet Explorer since 5.0. */
const versions = ['MSXML2.XMLHTTP.6.0', 'MSXML2.XMLHTTP.3.0', 'Microsoft.XMLHTTP'];

/** Creates an `XMLHttpRequest`. @throws Error if the browser has none or it is disabled */
export function createXhr(): XMLHttpRequest {
  if (platform.XMLHttpRequest) return new platform.XMLHttpRequest() as XMLHttpRequest;
  const ActiveX = platform.ActiveXObject as new (name: string) => XMLHttpRequest;
  for (const version of versions) {
    try {
      return new ActiveX(version);
    } catch {
      // Tries the next name.
    }
  }
  throw new Error('XMLHttpRequest');
}

/**
 * Creates a POST by `XMLHttpRequest` whose response is JSON lines.
 *
 * @param pathOf returns the path under the prefix
 * @param grows whether the response is read while it arrives; ActiveX requests show nothing before the end
 */
function createXhrCarrier(pathOf: (request: CarrierRequest) => string, grows?: boolean): Connect {
  return (request, events) => {
    const xhr = createXhr();
    const read = createTextReader(events, request);
    const close = (): void => {
      // ActiveX requests do not accept `null`.
      xhr.onreadystatechange = () => undefined;
      xhr.abort();
    };
    const end = (whole: boolean, reason?: string): void => {
      close();
      events.onEnded(whole, reason);
    };
    const onText = (done: boolean): void => {
      const text = xhr.readyState > 2 ? xhr.responseText : '';
      // A single record may arrive without a line end.
      if (read(done ? text.replace(/[^\n]$/, '$&\n') : text)) end(false, 'damaged');
      else if (done) end(true);
    };
    xhr.onreadystatechange = () => {
      const done = xhr.readyState === 4;
      if (!done && !(grows && xhr.readyState > 1)) return;
      const { status } = xhr;
      if (status === 200) onText(done);
      else if (status > 299 && status < 600) end(false, refusalOf(status));
      // 0, or a value that is no HTTP status, means a network failure.
      else if (done) end(false);
    };
    xhr.open('POST', `${request.url}/${pathOf(request)}`, true);
    // This type needs no preflight (SN-8); ActiveX requests set none by themselves.
    xhr.setRequestHeader('Content-Type', 'text/plain;charset=utf-8');
    xhr.send(encodeJsonBody(request.head!, request.messages));
    return { close };
  };
}

/** Posts one body and reads one record as its answer. */
export const connectPost: Connect = createXhrCarrier(({ head }) => (head!.t === 'open' ? 'open' : 'up'));
/** Polls for one batch of JSON lines per response. The session starts the next poll. */
export const connectPoll: Connect = createXhrCarrier(() => 'long-poll');
/** Starts an endless response of JSON lines, which the server ends before it grows too long. */
export const connectStream: Connect = createXhrCarrier(() => 'xhr-stream', true);

const connectTicket = createXhrCarrier(() => 'ticket');

/** Requests a ticket (a single-use secret for a GET) by POST. Replaces the function that uses `fetch`. */
export const askByPost: AskTicket = (request, sink, onEnded) => {
  const onTicketEnded = (whole: boolean, reason?: string): void => onEnded(whole || (reason ? false : 'cut'));
  return connectTicket(request, { ...sink, onOpened: () => undefined, onEnded: onTicketEnded }).close;
};
