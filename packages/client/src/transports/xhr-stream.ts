import { encodeJsonBody } from '@everywire/protocol/internal';
import type { Connect } from '../transport.js';
import { createTextReader } from './growing-text.js';

/**
 * Starts a streaming response of JSON lines, which is read while it arrives (`readyState` 3), from a cursor into
 * `responseText`. The browser keeps the whole text in memory. The server therefore ends the response after some time,
 * and the session requests the next one.
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
    // Status 0 means a network failure. Any answer about a session has status 200.
    if (readyState > 1 && status && status !== 200) end(false, 'refused');
    else if (readyState > 1 && status && read(readyState > 2 ? xhr.responseText : '')) end(false, 'damaged');
    else if (readyState === 4) end(status === 200);
  };
  xhr.open('POST', `${request.url}/xhr-stream`);
  // A string body has the type `text/plain`, which needs no preflight request (SN-8).
  xhr.send(encodeJsonBody(request.head!, request.messages));
  return { close };
};
