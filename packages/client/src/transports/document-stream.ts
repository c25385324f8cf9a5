import { decodeItemJson } from '@everywire/protocol/internal';
import type { TicketSink } from './by-ticket.js';
import { createFrame, removeNode } from './hidden-frame.js';
import { listen } from './listen.js';
import { offerCall } from './script-call.js';

/** The window that a frame is put into: the page's, or that of a document which no page shows. */
export interface FrameScope {
  readonly document: Document;
}

/**
 * Opens a document that calls its parent for each item (EN-21): the parent's function where both are of one origin, else by
 * messages, of which those are taken that come from this frame and from the server's origin.
 *
 * @returns ends it
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
  // A document that ends by itself says so before; a frame tells nothing of why it ended.
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
