import type { Connect } from '../transport.js';
import { askByPost } from './ask-by-post.js';
import { attachByTicket } from './by-ticket.js';
import { type FrameScope, openDocument } from './document-stream.js';

/**
 * A document of Internet Explorer without a window. A frame in it loads without showing a loading bar or making a
 * sound.
 */
interface HtmlFile extends Document {
  readonly parentWindow: FrameScope;
}

interface OldWindow {
  readonly ActiveXObject?: new (name: string) => HtmlFile;
  readonly CollectGarbage?: () => void;
}

/** Starts the same stream as `iframe-stream`, but in an invisible document. Works only with the page's own origin. */
export const connect: Connect = (request, events) => {
  const old = globalThis as OldWindow;
  // Throws if ActiveX does not exist or is forbidden.
  const make = (): HtmlFile => new old.ActiveXObject!('htmlfile');
  // The reference keeps the document from being garbage-collected, which would end the stream silently.
  let file: HtmlFile | null = make();
  return attachByTicket(request, events, askByPost, (query, sink) => {
    file ??= make();
    file.open();
    file.write('<html><body></body></html>');
    file.close();
    const close = openDocument(file.parentWindow, `${request.url}/htmlfile-stream?${query}`, sink);
    return () => {
      if (!file) return;
      file = null;
      close();
      // The document continues to load until it is garbage-collected.
      old.CollectGarbage?.();
    };
  });
};
