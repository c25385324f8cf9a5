import { type Decoder, encodeJsonBody, type ItemSink } from '@everywire/protocol/internal';
import { recordBytesMax } from '../limits.js';
import type { CarrierEvents, CarrierRequest, Connect } from '../transport.js';
import { factsOf, platformCodeOf, refusalOf } from './refusal-of.js';

/** Builds the decoder of one answer. */
export type CreateDecoder = (sink: ItemSink, messageBytesMax: number) => Decoder;

/** A transport that is one POST whose answer is read as it comes. Path and encoding are all in which they differ. */
export function createFetchCarrier(path: string, createDecoder: CreateDecoder): Connect {
  return (request, events) => {
    const abort = new AbortController();
    void run(request, events, path, createDecoder(events, request.messageBytesMax), abort);
    return { close: () => abort.abort() };
  };
}

/** The named supervisor of one request: whatever happens, it ends in `onEnded`. */
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
      const facts = await factsOf(status, readRecord(response));
      abort.abort();
      events.onEnded(false, refusalOf(status), facts);
      return;
    }
    events.onOpened();
    const damaged = await readAll(response.body.getReader(), decoder);
    if (damaged) abort.abort();
    events.onEnded(!damaged, damaged ? 'damaged' : undefined);
  } catch (error) {
    // The network, a truncated answer, or our own abort, after which nobody listens.
    const code = platformCodeOf(error);
    events.onEnded(false, undefined, code ? { code } : undefined);
  }
}

/** Sends the head and its messages; `text/plain`, which a string body is by itself, needs no preflight (SN-8). */
export function post(request: CarrierRequest, path: string, signal: AbortSignal): Promise<Response> {
  const body = encodeJsonBody(request.head!, request.messages);
  // Not detached from its global: some platforms refuse that.
  const own = request.fetch ?? ((url: string, init: RequestInit) => fetch(url, init));
  return own(`${request.url}/${path}`, { method: 'POST', body, signal, cache: 'no-store' });
}

/**
 * The text of an answer that is one record. Rejects above `recordBytesMax` units, and gives the connection back: what answers
 * may be no server of ours. Where the platform reads no body by parts the text comes whole.
 */
export async function readRecord(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return response.text();
  const decoder = new TextDecoder();
  let text = '';
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text += decoder.decode(part.value, { stream: true });
    if (text.length <= recordBytesMax) continue;
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
