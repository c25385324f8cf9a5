import { type ClientSession, encodeJsonBody } from '@everywire/protocol/internal';
import { now } from '../clock.js';
import { farewellUnitsMax } from '../limits.js';
import { platform } from './platform.js';
import { createXhr } from './xhr.js';

/**
 * Leaves behind what the server may not have yet. Where there is no beacon the page waits for the request: that is how pages of
 * that time said good-bye, and the last moment in which anything of theirs runs.
 */
export function sayFarewell(session: ClientSession, url: string, final: boolean): void {
  const farewell = session.farewell(final, Number.POSITIVE_INFINITY, now());
  if (!farewell || (!final && farewell.messages.length === 0)) return;
  const body = encodeJsonBody(farewell.head, farewell.messages);
  const { navigator } = platform;
  if (navigator?.sendBeacon) {
    if (body.length <= farewellUnitsMax) navigator.sendBeacon(url, body);
    return;
  }
  try {
    const xhr = createXhr();
    xhr.open('POST', url, false);
    xhr.send(body);
  } catch {
    // The browser does not wait any more, or the network is gone: the session expires at the server.
  }
}
