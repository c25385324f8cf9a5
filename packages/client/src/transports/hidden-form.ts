import { createFrame, removeNode } from './hidden-frame.js';
import { listen } from './listen.js';

let serial = 0;

/**
 * Posts one field of JSON by an HTML form whose answer loads in a hidden frame. Any browser can post a form to any
 * origin, but the page learns only that the request ended.
 *
 * @param onEnded called when any response or an error page has loaded
 * @returns a function that cancels the request
 */
export function postForm(address: string, json: string, onEnded: () => void): () => void {
  const holder = document.body || document.documentElement;
  serial += 1;
  const name = `everywire-form-${serial}`;
  const frame = createFrame(document, name);
  const form = document.createElement('form');
  form.style.display = 'none';
  form.method = 'POST';
  // A form of type `text/plain` is not percent-encoded, and pure ASCII needs no charset. `encoding` is the old name of
  // `enctype`.
  form.enctype = form.encoding = 'text/plain';
  form.action = address;
  form.target = name;
  const field = document.createElement('textarea');
  field.name = 'd';
  field.value = json.replace(/[\u007f-\uffff]/g, escapeUnit);
  form.appendChild(field);
  holder.appendChild(frame);
  holder.appendChild(form);
  // A frame reports a failure by the same event as success.
  const stop = listen(frame, 'load', () => {
    if (isBlank(frame)) return;
    stop();
    onEnded();
    // The removal is deferred, because in some browsers a frame that is removed during the event seems to load forever.
    setTimeout(remove, 0);
  });
  const remove = (): void => {
    stop();
    removeNode(frame);
    removeNode(form);
  };
  form.submit();
  return remove;
}

/**
 * Returns whether the frame still has its initial document, whose load some browsers report. Other origins are not
 * readable.
 */
function isBlank(frame: HTMLIFrameElement): boolean {
  try {
    return frame.contentWindow?.location.href === 'about:blank';
  } catch {
    return false;
  }
}

function escapeUnit(unit: string): string {
  return `\\u${`000${unit.charCodeAt(0).toString(16)}`.slice(-4)}`;
}
