import { type Decoder, encodeJsonBody, type ItemSink } from '@everywire/protocol/internal';
import { RECORD_BYTES_MAX } from '../limits.js';
import type { CarrierEvents, CarrierRequest, Connect } from '../transport.js';
import { factsOf, platformCodeOf, refusalOf } from './refusal-of.js';

/** Creates the decoder of one response. */
export type CreateDecoder = (sink: ItemSink, messageBytesMax: number) => Decoder;

/** Creates a transport that is one POST whose response is read as it arrives. Transports differ only in path and encoding. */
export function createFetchCarrier(path: string, createDecoder: CreateDecoder): Connect {
  return (request, events) => {
    const abort = new AbortController();
    void run(request, events, path, createDecoder(events, request.messageBytesMax), abort);
    return { close: () => abort.abort() };
  };
}

/** Supervises one request, which ends in `onEnded` in any case. */
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
    // A network failure, a truncated response, or our own abort, after which the report is ignored.
    const code = platformCodeOf(error);
    events.onEnded(false, undefined, code ? { code } : undefined);
  }
}

/** Posts the head and its messages as `text/plain`, the default for a string body, which needs no preflight (SN-8). */
export function post(request: CarrierRequest, path: string, signal: AbortSignal): Promise<Response> {
  const body = encodeJsonBody(request.head!, request.messages);
  // Some platforms refuse a `fetch` that is detached from its global.
  const own = request.fetch ?? ((url: string, init: RequestInit) => fetch(url, init));
  return own(`${request.url}/${path}`, { method: 'POST', body, signal, cache: 'no-store' });
}

/**
 * Reads the text of a response that is one record. Rejects above `RECORD_BYTES_MAX` units and releases the connection, because
 * another server may answer. If the platform cannot read a body in parts, it is read as a whole.
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

async function readAll(reader: ReadableStreamDefaultReader<Uint8Array>, decoder: Decoder): Promise<boolean> {
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    if (decoder.feed(part.value)) return true;
  }
  return false;
}
