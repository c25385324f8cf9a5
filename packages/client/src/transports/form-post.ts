import { encodeJsonBody } from '@everywire/protocol/internal';
import type { Connect } from '../transport.js';
import { askByForm } from './form-answer.js';
import { postForm } from './hidden-form.js';

/**
 * One body up by a form. The answer to `open` is fetched; of any other only that it got through is known, and what became of it
 * comes by the way down (SN-6).
 */
export const connect: Connect = (request, events) => {
  const { url, head, messages } = request;
  const close =
    head!.t === 'open'
      ? askByForm(request, events, (whole) => events.onEnded(whole, whole ? undefined : 'refused'))
      : postForm(`${url}/form-post`, encodeJsonBody(head!, messages), () => events.onEnded(true));
  return { close };
};
