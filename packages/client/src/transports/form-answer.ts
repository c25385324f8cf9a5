import { decodeItemJson, encodeJsonBody, type ItemSink } from '@everywire/protocol/internal';
import { randomWords } from '../random.js';
import type { CarrierRequest } from '../transport.js';
import { fetchScript } from './fetch-script.js';
import { postForm } from './hidden-form.js';

/**
 * Posts by an HTML form and gets the answer by a script. A new single-use secret connects the two (TR-32).
 *
 * @param onEnded called with whether the answer arrived and was decoded into `sink`
 * @returns a function that cancels the request
 */
export function askByForm(
  { url, head, messages }: CarrierRequest,
  sink: ItemSink,
  onEnded: (whole: boolean) => void,
): () => void {
  const words = randomWords(4);
  let secret = '';
  for (let at = 0; at < words.length; at++) secret += hex(words[at] as number);
  const asked = { ...head!, answer: secret } as typeof head;
  let stop = postForm(`${url}/form-post`, encodeJsonBody(asked!, messages), () => {
    stop = fetchScript(
      `${url}/form-answer?ticket=${secret}`,
      (text) => onEnded(takeAnswer(text, sink)),
      () => onEnded(false),
    );
  });
  return () => stop();
}

/**
 * Decodes the answer into `sink`. Returns false if the answer is damaged, or if the server has no answer because the
 * form was lost or refused and therefore had no effect.
 */
function takeAnswer(text: string, sink: ItemSink): boolean {
  let lost = false;
  const error = decodeItemJson(text, {
    onMessage: (message) => sink.onMessage(message),
    onRecord: (record) => {
      lost = record.t === 'refused' && record.code === 'ticket';
      if (!lost) sink.onRecord(record);
    },
  });
  return !error && !lost;
}

function hex(word: number): string {
  return `0000000${word.toString(16)}`.slice(-8);
}
