import { type ClientSession, encodeJsonBody } from '@everywire/protocol/internal';
import { now } from './clock.js';
import { FINAL_BODY_UNITS_MAX } from './limits.js';

/**
 * Sends the messages that the server may not have received, by a beacon. This is a POST that a browser sends even after
 * the page was closed. A page that is being closed may no longer use its links. If all messages are too long for one
 * beacon, sends only the first ones.
 *
 * @param url address to which bodies are posted
 * @param final the page does not return; notifies the server that no more messages follow
 */
export function sendFinalBody(session: ClientSession, url: string, final: boolean): void {
  let finalBody = session.finalBody(final, Number.POSITIVE_INFINITY, now());
  while (finalBody && (final || finalBody.messages.length > 0)) {
    const { head, messages } = finalBody;
    const body = encodeJsonBody(head, messages);
    // The browser refuses beacons above its own limit.
    const taken = body.length <= FINAL_BODY_UNITS_MAX && navigator.sendBeacon(url, body);
    if (taken || messages.length === 0) return;
    finalBody = session.finalBody(final, messages.length >> 1, now());
  }
}
