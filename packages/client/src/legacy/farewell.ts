import { type ClientSession, encodeJsonBody } from '@everywire/protocol/internal';
import { now } from '../clock.js';
import { FINAL_BODY_UNITS_MAX } from '../limits.js';
import { platform } from './platform.js';
import { createXhr } from './xhr.js';

/**
 * Sends the messages that the server may not have. Without beacons, the page waits for a synchronous request, its last chance to
 * send anything.
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
    // The browser no longer waits, or the network is down. The session expires at the server.
  }
}
