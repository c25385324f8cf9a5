import type { Connect } from '../transport.js';
import { askByPost } from './ask-by-post.js';
import { attachByTicket } from './by-ticket.js';
import { type FrameScope, openDocument } from './document-stream.js';

/** The window-less document of Internet Explorer, in which loading shows no loading bar and makes no sound. */
interface HtmlFile extends Document {
  readonly parentWindow: FrameScope;
}

interface OldWindow {
  readonly ActiveXObject?: new (name: string) => HtmlFile;
  readonly CollectGarbage?: () => void;
}

/** Starts the stream of `iframe-stream` in an invisible document. Only for the page's own origin. */
export const connect: Connect = (request, events) => {
  const old = globalThis as OldWindow;
  // Throws if it does not exist or is forbidden.
  const make = (): HtmlFile => new old.ActiveXObject!('htmlfile');
  // Referenced while open, because otherwise it would be garbage-collected and the stream would end silently.
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
      // It continues to load until it is garbage-collected.
      old.CollectGarbage?.();
    };
  });
};
