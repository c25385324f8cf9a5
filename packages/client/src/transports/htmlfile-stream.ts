import type { Connect } from '../transport.js';
import { askByPost } from './ask-by-post.js';
import { attachByTicket } from './by-ticket.js';
import { type FrameScope, openDocument } from './document-stream.js';

/** The document that Internet Explorer makes without a window: what loads in it shows no loading bar and makes no sound. */
interface HtmlFile extends Document {
  readonly parentWindow: FrameScope;
}

interface OldWindow {
  readonly ActiveXObject?: new (name: string) => HtmlFile;
  readonly CollectGarbage?: () => void;
}

/** The same stream as in a frame of the page, in a document that no page shows. Of the page's own origin only. */
export const connect: Connect = (request, events) => {
  const old = globalThis as OldWindow;
  // Throws where there is no such thing, and where somebody has forbidden it.
  const make = (): HtmlFile => new old.ActiveXObject!('htmlfile');
  // Kept as long as it is open: without a reference it would be collected, and the stream would end without a word.
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
      // It goes on loading until it is collected.
      old.CollectGarbage?.();
    };
  });
};
