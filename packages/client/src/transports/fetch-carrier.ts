import { type Decoder, encodeJsonBody, type ItemSink } from '@everywire/protocol/internal';
import { RECORD_BYTES_MAX } from '../limits.js';
import type { CarrierEvents, CarrierRequest, Connect } from '../transport.js';
import { factsOf, factsOfFailure, refusalOf } from './refusal-of.js';

/** Creates the decoder of one response. */
export type CreateDecoder = (sink: ItemSink, messageBytesMax: number) => Decoder;

/**
 * Creates a transport whose carrier is one POST. The response is read while it arrives. Such transports differ only in
 * their path and encoding.
 */
export function createFetchCarrier(path: string, createDecoder: CreateDecoder): Connect {
  return (request, events) => {
    const abort = new AbortController();
    void run(request, events, path, createDecoder(events, request.messageBytesMax), abort);
    return { close: () => abort.abort() };
  };
}

/** Runs one request. Calls `onEnded` in any case. */
async function run(
  request: CarrierRequest,
  events: CarrierEvents,
  path: string,
  decoder: Decoder,
  abort: AbortController,
): Promise<void> {
  try {
    const response = await post(request, path, abort.signal);
    if (!response.ok || !response.body) {
      const { status } = response;
      const facts = await factsOf(status, readRecordText(response));
      abort.abort();
      events.onEnded(false, refusalOf(status), facts);
      return;
    }
    events.onOpened();
    const damaged = await readAll(response.body.getReader(), decoder);
    if (damaged) abort.abort();
    events.onEnded(!damaged, damaged ? 'damaged' : undefined);
  } catch (error) {
    // The cause is a network failure, a truncated response, or the caller's abort. After an abort, the report is
    // ignored.
    events.onEnded(false, undefined, factsOfFailure(error));
  }
}

/**
 * Posts the head and its messages as `text/plain`, the default type of a string body. A request of this type to another
 * origin needs no preflight request (SN-8).
 */
export async function post(request: CarrierRequest, path: string, signal: AbortSignal): Promise<Response> {
  const body = encodeJsonBody(request.head!, request.messages);
  // Some platforms refuse calls of `fetch` that are not calls of the global function, so it is wrapped.
  const own = request.fetch ?? ((url: string, init: RequestInit) => fetch(url, init));
  return own(`${request.url}/${path}`, { method: 'POST', body, signal, cache: 'no-store' });
}

/**
 * Reads the text of a response that is one record. If the response is longer than `RECORD_BYTES_MAX` units, releases
 * the connection and rejects, because the response may come from another server (for example a proxy). If the platform
 * cannot read a body in parts, reads it as a whole.
 */
export async function readRecordText(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return response.text();
  const decoder = new TextDecoder();
  let text = '';
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text += decoder.decode(part.value, { stream: true });
    if (text.length <= RECORD_BYTES_MAX) continue;
    void reader.cancel();
    throw new RangeError('the answer is longer than a record');
  }
  return text + decoder.decode();
}

/** Decodes a body while it arrives. Returns whether it is damaged. */
async function readAll(reader: ReadableStreamDefaultReader<Uint8Array>, decoder: Decoder): Promise<boolean> {
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    if (decoder.feed(part.value)) return true;
  }
  return false;
}
