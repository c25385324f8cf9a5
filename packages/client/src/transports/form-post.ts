import { encodeJsonBody } from '@everywire/protocol/internal';
import type { Connect } from '../transport.js';
import { askByForm } from './form-answer.js';
import { postForm } from './hidden-form.js';

/**
 * Posts one body by an HTML form. Fetches the answer to an `open`. For any other body, the page only learns that the
 * request ended; the acknowledgements on the downstream link confirm its content (SN-6).
 */
export const connect: Connect = (request, events) => {
  const { url, head, messages } = request;
  const close =
    head!.t === 'open'
      ? askByForm(request, events, (whole) => events.onEnded(whole, whole ? undefined : 'refused'))
      : postForm(`${url}/form-post`, encodeJsonBody(head!, messages), () => events.onEnded(true));
  return { close };
};
