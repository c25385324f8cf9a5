import { type ClientSession, encodeJsonBody } from '@everywire/protocol/internal';
import { now } from './clock.js';
import { farewellUnitsMax } from './limits.js';

/**
 * Leaves behind what the server may not have yet: links of a page that goes may take nothing more, a beacon outlives the page.
 * Where it is too much for one, the first messages go.
 *
 * @param url where bodies are posted
 * @param final the page does not come back: the server is told that nothing follows
 */
export function sayFarewell(session: ClientSession, url: string, final: boolean): void {
  let farewell = session.farewell(final, Number.POSITIVE_INFINITY, now());
  while (farewell && (final || farewell.messages.length > 0)) {
    const { head, messages } = farewell;
    const body = encodeJsonBody(head, messages);
    // The browser refuses what is above its own limit.
    const taken = body.length <= farewellUnitsMax && navigator.sendBeacon(url, body);
    if (taken || messages.length === 0) return;
    farewell = session.farewell(final, messages.length >> 1, now());
  }
}
