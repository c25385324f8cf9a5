import { createJsonTextDecoder, encodeJsonBody } from '@everywire/protocol/internal';
import type { Connect } from '../transport.js';
import { lineUnitsMax } from './line-units-max.js';

/**
 * One endless answer of JSON lines, read while it comes: `readyState` 3, and a cursor into `responseText`. The browser reads its
 * UTF-8 and keeps all of it, so the server ends the answer early and the machine asks for the next.
 */
export const connect: Connect = (request, events) => {
  const xhr = new XMLHttpRequest();
  const read = createJsonTextDecoder(events, lineUnitsMax(request.messageBytesMax));
  let opened = false;
  let cursor = 0;
  const close = (): void => {
    xhr.onreadystatechange = null;
    xhr.abort();
  };
  const end = (whole: boolean, reason?: string): void => {
    close();
    events.onEnded(whole, reason);
  };
  /** What is new of the text. */
  const readOn = (): ReturnType<typeof read> => {
    const text = xhr.responseText;
    const from = cursor;
    cursor = text.length || cursor;
    return cursor > from ? read(text.slice(from)) : null;
  };
  xhr.onreadystatechange = () => {
    const { readyState, status } = xhr;
    if (readyState < 2) return;
    // 0: the network; what is said of a session is said with 200.
    if (status && status !== 200) {
      end(false, 'refused');
      return;
    }
    if (status && !opened) {
      opened = true;
      events.onOpened();
    }
    if (readyState > 2 && readOn()) end(false, 'damaged');
    else if (readyState === 4) end(status === 200);
  };
  xhr.open('POST', `${request.url}/xhr-stream`);
  // Text, which a string body is by itself, needs no preflight (SN-8).
  xhr.send(encodeJsonBody(request.head!, request.messages));
  return { close };
};
