import { encodeJsonBody } from '@everywire/protocol/internal';
import type { CarrierRequest, Connect } from '../transport.js';
import type { AskTicket } from '../transports/by-ticket.js';
import { createTextReader } from '../transports/growing-text.js';
import { refusalOf } from '../transports/refusal-of.js';
import { platform } from './platform.js';

/** Newest first; the last is in every Internet Explorer since 5.0. */
const versions = ['MSXML2.XMLHTTP.6.0', 'MSXML2.XMLHTTP.3.0', 'Microsoft.XMLHTTP'];

/** @throws Error where the browser has none, or somebody has switched it off */
export function createXhr(): XMLHttpRequest {
  if (platform.XMLHttpRequest) return new platform.XMLHttpRequest() as XMLHttpRequest;
  const ActiveX = platform.ActiveXObject as new (name: string) => XMLHttpRequest;
  for (const version of versions) {
    try {
      return new ActiveX(version);
    } catch {
      // The next one.
    }
  }
  throw new Error('XMLHttpRequest');
}

/**
 * A POST by `XMLHttpRequest` whose answer is lines of JSON.
 *
 * @param pathOf where under the prefix
 * @param grows what came is read while more comes; those made by ActiveX show nothing before the end
 */
function createXhrCarrier(pathOf: (request: CarrierRequest) => string, grows?: boolean): Connect {
  return (request, events) => {
    const xhr = createXhr();
    const read = createTextReader(events, request);
    const close = (): void => {
      // `null` is an error to those made by ActiveX.
      xhr.onreadystatechange = () => undefined;
      xhr.abort();
    };
    const end = (whole: boolean, reason?: string): void => {
      close();
      events.onEnded(whole, reason);
    };
    const onText = (done: boolean): void => {
      const text = xhr.readyState > 2 ? xhr.responseText : '';
      // A single record may come without the end of its line.
      if (read(done ? text.replace(/[^\n]$/, '$&\n') : text)) end(false, 'damaged');
      else if (done) end(true);
    };
    xhr.onreadystatechange = () => {
      const done = xhr.readyState === 4;
      if (!done && !(grows && xhr.readyState > 1)) return;
      const { status } = xhr;
      if (status === 200) onText(done);
      else if (status > 299 && status < 600) end(false, refusalOf(status));
      // 0, or what is none of HTTP, is how the network failed.
      else if (done) end(false);
    };
    xhr.open('POST', `${request.url}/${pathOf(request)}`, true);
    // No preflight (SN-8), and those made by ActiveX name no type by themselves.
    xhr.setRequestHeader('Content-Type', 'text/plain;charset=utf-8');
    xhr.send(encodeJsonBody(request.head!, request.messages));
    return { close };
  };
}

/** One body up, one record as its answer. */
export const connectPost: Connect = createXhrCarrier(({ head }) => (head!.t === 'open' ? 'open' : 'up'));
/** One batch of JSON lines an answer; the machine polls again. */
export const connectPoll: Connect = createXhrCarrier(() => 'long-poll');
/** One endless answer of JSON lines, ended by the server before it grows too long. */
export const connectStream: Connect = createXhrCarrier(() => 'xhr-stream', true);

const connectTicket = createXhrCarrier(() => 'ticket');

/** In the place of the one by `fetch`. */
export const askByPost: AskTicket = (request, sink, onEnded) => {
  const onTicketEnded = (whole: boolean, reason?: string): void => onEnded(whole || (reason ? false : 'cut'));
  return connectTicket(request, { ...sink, onOpened: () => undefined, onEnded: onTicketEnded }).close;
};
