import { encodeJsonBody } from '@everywire/protocol/internal';
import type { Connect } from '../transport.js';
import { askByForm } from './form-answer.js';
import { postForm } from './hidden-form.js';

/**
 * Posts one body by a form. The answer to an `open` is fetched. For any other body only the success of the request is known; the
 * down link confirms its content (SN-6).
 */
export const connect: Connect = (request, events) => {
  const { url, head, messages } = request;
  const close =
    head!.t === 'open'
      ? askByForm(request, events, (whole) => events.onEnded(whole, whole ? undefined : 'refused'))
      : postForm(`${url}/form-post`, encodeJsonBody(head!, messages), () => events.onEnded(true));
  return { close };
};
