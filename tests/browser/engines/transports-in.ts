import type { TransportName } from '@everywire/client';
import type { EngineName } from './engine.js';

/** Every transport that lives in today's browsers; a form goes up where JSONP comes down. */
const living: readonly TransportName[] = [
  'websocket',
  'fetch-stream',
  'event-stream',
  'multipart-stream',
  'xhr-stream',
  'iframe-stream',
  'long-poll',
  'short-poll',
  'jsonp-poll',
];

/** What an engine does not read while it comes: WebKit takes parts asunder by itself, before `fetch` sees them. */
export const cannot: Readonly<Record<EngineName, readonly TransportName[]>> = {
  chromium: [],
  firefox: [],
  webkit: ['multipart-stream'],
};

export function transportsIn(engine: EngineName): readonly TransportName[] {
  return living.filter((one) => !cannot[engine].includes(one));
}
