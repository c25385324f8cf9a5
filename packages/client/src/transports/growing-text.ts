import { createJsonTextDecoder } from '@everywire/protocol/internal';
import type { CarrierEvents, CarrierRequest } from '../transport.js';
import { lineUnitsMax } from './line-units-max.js';

/**
 * Creates a reader of JSON lines from a response text that grows, which it reads from a cursor.
 *
 * @returns a function that takes the whole text received so far, first with the response head, and returns whether it is damaged
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
