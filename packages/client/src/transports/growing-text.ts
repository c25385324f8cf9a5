import { createJsonTextDecoder } from '@everywire/protocol/internal';
import type { CarrierEvents, CarrierRequest } from '../transport.js';
import { lineUnitsMax } from './line-units-max.js';

/**
 * Creates a reader of JSON lines for a request whose response text grows while it arrives.
 *
 * @returns a function that the caller must call with the whole text received so far: first when the response head has
 * arrived, then whenever the text has grown. It decodes the new part and returns whether the text is damaged.
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
