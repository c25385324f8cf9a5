/** Run in a page before its own script, as source text: they may use nothing from outside of themselves. */

/** What `ActiveXObject('htmlfile')` of Internet Explorer makes, stood in by the document of a frame: its load shows no difference here. */
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

/** A page that can read nothing but scripts: no request of its own leaves it, of another origin or of its own. */
export function withoutOtherWays(): void {
  for (const name of ['fetch', 'XMLHttpRequest', 'EventSource']) Reflect.deleteProperty(window, name);
}

/** Says to the page what a document of the server would say, from the page itself and from a frame of nobody's origin. */
export function withForeignMessages(): void {
  const told = window as { foreignMessages?: number };
  told.foreignMessages = 0;
  addEventListener('message', ({ data }) => {
    if (data === '"foreign"') told.foreignMessages = (told.foreignMessages ?? 0) + 1;
  });
  addEventListener('load', () => {
    const frame = document.createElement('iframe');
    frame.setAttribute('sandbox', 'allow-scripts');
    frame.srcdoc = `<script>setInterval(() => parent.postMessage('"foreign"', '*'), 20)</script>`;
    document.body.appendChild(frame);
    setInterval(() => postMessage('"foreign"', '*'), 20);
  });
}
