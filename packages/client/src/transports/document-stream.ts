import { decodeItemJson } from '@everywire/protocol/internal';
import type { TicketSink } from './by-ticket.js';
import { createFrame, removeNode } from './hidden-frame.js';
import { listen } from './listen.js';
import { offerCall } from './script-call.js';

/** The window that contains the frame: the window of the page, or of an invisible document. */
export interface FrameScope {
  readonly document: Document;
}

/**
 * Opens a document in a hidden frame. The document passes each item to the page (EN-21). If both have the same origin,
 * it calls a function of the page; otherwise it posts messages to the page, which accepts them only from this frame and
 * the server's origin.
 *
 * @returns a function that removes the document
 */
export function openDocument(scope: FrameScope, address: string, sink: TicketSink): () => void {
  let ended = false;
  let heard = false;
  const onText = (text: string): void => {
    heard = true;
    if (text === '') ended = true;
    if (text === '') sink.onEnded(true);
    else if (decodeItemJson(text, sink)) sink.onEnded(false, 'damaged');
  };
  const call = offerCall(scope, onText);
  const frame = createFrame(scope.document, call.name);
  const stopMessages = listen(window, 'message', ({ data, origin, source }: MessageEvent) => {
    if (source === frame.contentWindow && origin === originOf(address) && typeof data === 'string') onText(data);
  });
  // A document that ends properly has reported the end before this event. Otherwise the page cannot find out the cause.
  const stopLoad = listen(frame, 'load', () => {
    if (!ended) sink.onEnded(false, heard ? undefined : 'refused');
  });
  frame.src = `${address}&origin=${encodeURIComponent(`${location.protocol}//${location.host}`)}`;
  scope.document.body.appendChild(frame);
  return () => {
    stopLoad();
    stopMessages();
    call.forget();
    removeNode(frame);
  };
}

function originOf(address: string): string {
  return address.split('/').slice(0, 3).join('/');
}
