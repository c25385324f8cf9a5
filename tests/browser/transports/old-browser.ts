// These functions run in a page before its script. They are passed as source text, so they may use nothing outside of them.

/**
 * Replaces `ActiveXObject('htmlfile')` of Internet Explorer by the document of a frame, which loads in the same way
 * here.
 */
export function withHtmlFile(): void {
  const made = function ActiveXObject(name: string): object {
    if (name !== 'htmlfile') throw new TypeError(name);
    const frame = document.createElement('iframe');
    document.documentElement.appendChild(frame);
    const file = frame.contentDocument as Document;
    return {
      open: () => file.open(),
      write: (html: string) => file.write(html),
      close: () => file.close(),
      parentWindow: frame.contentWindow,
    };
  };
  Object.assign(window, { ActiveXObject: made });
}

/** Restricts the page to scripts: it cannot send a request of its own, of any origin. */
export function withoutOtherWays(): void {
  for (const name of ['fetch', 'XMLHttpRequest', 'EventSource']) Reflect.deleteProperty(window, name);
}

/**
 * Posts messages like those of a server's document to the page, from the page itself and from a frame without an
 * origin.
 */
export function withForeignMessages(): void {
  const counter = window as { foreignMessages?: number };
  counter.foreignMessages = 0;
  addEventListener('message', ({ data }) => {
    if (data === '"foreign"') counter.foreignMessages = (counter.foreignMessages ?? 0) + 1;
  });
  addEventListener('load', () => {
    const frame = document.createElement('iframe');
    frame.setAttribute('sandbox', 'allow-scripts');
    frame.srcdoc = `<script>setInterval(() => parent.postMessage('"foreign"', '*'), 20)</script>`;
    document.body.appendChild(frame);
    setInterval(() => postMessage('"foreign"', '*'), 20);
  });
}
