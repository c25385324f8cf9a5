import { createFrame, removeNode } from './hidden-frame.js';
import { listen } from './listen.js';

let serial = 0;

/**
 * Posts one field of JSON by a form into a hidden frame. Any browser can do that to any origin, but learns only that the request
 * ended.
 *
 * @param onEnded called when any response or an error page has loaded
 * @returns a function that cancels it
 */
export function postForm(address: string, json: string, onEnded: () => void): () => void {
  const holder = document.body || document.documentElement;
  serial += 1;
  const name = `everywire-form-${serial}`;
  const frame = createFrame(document, name);
  const form = document.createElement('form');
  form.style.display = 'none';
  form.method = 'POST';
  // As text, nothing is percent-encoded, and pure ASCII needs no charset. `encoding` is the old name of the property.
  form.enctype = form.encoding = 'text/plain';
  form.action = address;
  form.target = name;
  const field = document.createElement('textarea');
  field.name = 'd';
  field.value = json.replace(/[\u007f-\uffff]/g, escapeUnit);
  form.appendChild(field);
  holder.appendChild(frame);
  holder.appendChild(form);
  // A frame does not show whether it has loaded or failed.
  const stop = listen(frame, 'load', () => {
    if (isBlank(frame)) return;
    stop();
    onEnded();
    // Deferred, because some browsers treat a removal during the event as a load that never ends.
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

/** Returns whether the frame still has its initial document, whose load some browsers report. Other origins are not readable. */
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
