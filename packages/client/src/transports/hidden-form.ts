import { createFrame, removeNode } from './hidden-frame.js';
import { listen } from './listen.js';

let serial = 0;

/**
 * Posts one field of JSON by a form into a hidden frame: what any browser can do to any origin, and learns nothing by but that
 * it ended.
 *
 * @param onEnded the answer came, whatever it was, or an error page in its place
 * @returns gives it up
 */
export function postForm(address: string, json: string, onEnded: () => void): () => void {
  const holder = document.body || document.documentElement;
  serial += 1;
  const name = `everywire-form-${serial}`;
  const frame = createFrame(document, name);
  const form = document.createElement('form');
  form.style.display = 'none';
  form.method = 'POST';
  // As text: nothing is percent-encoded, and ASCII alone needs no charset. `encoding` is its old name.
  form.enctype = form.encoding = 'text/plain';
  form.action = address;
  form.target = name;
  const field = document.createElement('textarea');
  field.name = 'd';
  field.value = json.replace(/[\u007f-\uffff]/g, escapeUnit);
  form.appendChild(field);
  holder.appendChild(frame);
  holder.appendChild(form);
  // It has loaded, or failed to: a frame tells no difference.
  const stop = listen(frame, 'load', () => {
    if (isBlank(frame)) return;
    stop();
    onEnded();
    // Not from inside its own event, which some browsers take for a load that never ends.
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

/** The empty document that a frame begins with tells of its load in some browsers as well; an answer of another origin is not to be seen. */
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
