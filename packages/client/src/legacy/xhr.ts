import { decodeItemJson, encodeJsonBody } from '@everywire/protocol/internal';
import type { CarrierRequest, Connect } from '../transport.js';
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

/** Calls back once with the whole answer and its status; 0, or what is none of HTTP, is how the network failed. @returns gives it up */
function ask(url: string, body: string, onAnswer: (status: number, text: string) => void): () => void {
  const xhr = createXhr();
  const forget = (): void => {
    // `null` is an error to those made by ActiveX.
    xhr.onreadystatechange = () => undefined;
  };
  xhr.onreadystatechange = () => {
    if (xhr.readyState !== 4) return;
    forget();
    const { status } = xhr;
    onAnswer(status, status === 200 ? xhr.responseText : '');
  };
  xhr.open('POST', url, true);
  // No preflight (SN-8), and those made by ActiveX name no type by themselves.
  xhr.setRequestHeader('Content-Type', 'text/plain;charset=utf-8');
  xhr.send(body);
  return () => {
    forget();
    xhr.abort();
  };
}

/** One POST by `XMLHttpRequest`, whose answer is read at its end, by lines: one record, or a poll's batch. */
export const connectXhr: Connect = ({ url, head, messages }, events) => {
  const path = head?.t === 'attach' ? 'long-poll' : head?.t === 'open' ? 'open' : 'up';
  const close = ask(`${url}/${path}`, encodeJsonBody(head!, messages), (status, text) => {
    if (status !== 200) {
      events.onEnded(false, status >= 300 && status < 600 ? 'refused' : undefined);
      return;
    }
    events.onOpened();
    let damaged = false;
    for (const line of text.split('\n')) damaged ||= line !== '' && decodeItemJson(line, events) !== null;
    events.onEnded(!damaged, damaged ? 'damaged' : undefined);
  });
  return { close };
};

/** In the place of the one by `fetch`, as far as a ticket needs it. */
export function post({ url, head, messages }: CarrierRequest, path: string, signal: AbortSignal): Promise<Response> {
  return new Promise((resolve, reject) => {
    const stop = ask(`${url}/${path}`, encodeJsonBody(head!, messages), (status, text) => {
      if (status < 200 || status >= 600) reject(status);
      else resolve({ ok: status === 200, text: () => Promise.resolve(text) } as Response);
    });
    (signal as unknown as { stop: () => void }).stop = stop;
  });
}
