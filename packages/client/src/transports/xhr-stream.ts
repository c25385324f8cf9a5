import { encodeJsonBody } from '@everywire/protocol/internal';
import type { Connect } from '../transport.js';
import { createTextReader } from './growing-text.js';

/**
 * Starts an endless response of JSON lines, read as it arrives: in `readyState` 3, from a cursor into `responseText`. The browser
 * decodes UTF-8 and keeps the whole text, so the server ends the response early and the session requests the next.
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
    // 0 means a network failure. Answers about a session have status 200.
    if (readyState > 1 && status && status !== 200) end(false, 'refused');
    else if (readyState > 1 && status && read(readyState > 2 ? xhr.responseText : '')) end(false, 'damaged');
    else if (readyState === 4) end(status === 200);
  };
  xhr.open('POST', `${request.url}/xhr-stream`);
  // A string body is text, which needs no preflight (SN-8).
  xhr.send(encodeJsonBody(request.head!, request.messages));
  return { close };
};
