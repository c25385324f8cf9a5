import { type ClientSession, encodeJsonBody } from '@everywire/protocol/internal';
import { now } from '../clock.js';
import { FINAL_BODY_UNITS_MAX } from '../limits.js';
import { platform } from './platform.js';
import { createXhr } from './xhr.js';

/**
 * Sends the messages that the server may not have, when the page is left. In a browser without beacons (POSTs that
 * outlive the page), the page waits for a synchronous request, which is its last chance to send anything. `final`: the
 * page does not return.
 */
export function sendFinalBody(session: ClientSession, url: string, final: boolean): void {
  const finalBody = session.finalBody(final, Number.POSITIVE_INFINITY, now());
  if (!finalBody || (!final && finalBody.messages.length === 0)) return;
  const body = encodeJsonBody(finalBody.head, finalBody.messages);
  const { navigator } = platform;
  if (navigator?.sendBeacon) {
    if (body.length <= FINAL_BODY_UNITS_MAX) navigator.sendBeacon(url, body);
    return;
  }
  try {
    const xhr = createXhr();
    xhr.open('POST', url, false);
    xhr.send(body);
  } catch {
    // The browser does not permit a synchronous request any more, or the network is down. The session expires at the
    // server.
  }
}
