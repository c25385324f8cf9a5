import type { TransportName } from '@everywire/client';
import type { EngineName } from './engine.js';

/** Every transport that works in modern browsers. JSONP sends upstream by a form. */
const modernTransports: readonly TransportName[] = [
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

/**
 * Transports that an engine cannot read as they arrive: WebKit splits multipart answers itself, before `fetch` sees
 * them.
 */
export const cannot: Readonly<Record<EngineName, readonly TransportName[]>> = {
  chromium: [],
  firefox: [],
  webkit: ['multipart-stream'],
};

/** Returns the transports that work in an engine. */
export function transportsIn(engine: EngineName): readonly TransportName[] {
  return modernTransports.filter((transport) => !cannot[engine].includes(transport));
}
