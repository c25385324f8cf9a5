import { encodeJsonBody } from '@everywire/protocol/internal';
import type { Connect } from '../transport.js';
import { createTextReader } from './growing-text.js';

/**
 * One endless answer of JSON lines, read while it comes: `readyState` 3, and a cursor into `responseText`. The browser reads its
 * UTF-8 and keeps all of it, so the server ends the answer early and the machine asks for the next.
 */
export const connect: Connect = (request, events) => {
  const xhr = new XMLHttpRequest();
  const read = createTextReader(events, request);
  const close = (): void => {
    xhr.onreadystatechange = null;
    xhr.abort();
  };
  const end = (whole: boolean, reason?: string): void => {
    close();
    events.onEnded(whole, reason);
  };
  xhr.onreadystatechange = () => {
    const { readyState, status } = xhr;
    // 0: the network; what is said of a session is said with 200.
    if (readyState > 1 && status && status !== 200) end(false, 'refused');
    else if (readyState > 1 && status && read(readyState > 2 ? xhr.responseText : '')) end(false, 'damaged');
    else if (readyState === 4) end(status === 200);
  };
  xhr.open('POST', `${request.url}/xhr-stream`);
  // Text, which a string body is by itself, needs no preflight (SN-8).
  xhr.send(encodeJsonBody(request.head!, request.messages));
  return { close };
};
