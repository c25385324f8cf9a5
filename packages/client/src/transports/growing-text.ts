import { createJsonTextDecoder } from '@everywire/protocol/internal';
import type { CarrierEvents, CarrierRequest } from '../transport.js';
import { lineUnitsMax } from './line-units-max.js';

/**
 * Reads an answer of JSON lines that a request shows as far as it came, from a cursor into it.
 *
 * @returns takes the whole of what came so far, at first with the answer's head; whether it is damaged
 */
export function createTextReader(events: CarrierEvents, request: CarrierRequest): (text: string) => boolean {
  const read = createJsonTextDecoder(events, lineUnitsMax(request.messageBytesMax));
  let opened = false;
  let cursor = 0;
  return (text) => {
    if (!opened) events.onOpened();
    opened = true;
    const from = cursor;
    cursor = Math.max(from, text.length);
    return read(text.slice(from)) !== null;
  };
}
