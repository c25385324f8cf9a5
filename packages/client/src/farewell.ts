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
    const taken = body.length <= FINAL_BODY_UNITS_MAX && sendBeacon(url, body);
    if (taken || messages.length === 0) return;
    finalBody = session.finalBody(final, messages.length >> 1, now());
  }
}

/** Sends a beacon, or a request that outlives the page where a setting or a blocker removed beacons. @returns whether it was taken */
function sendBeacon(url: string, body: string): boolean {
  try {
    return navigator.sendBeacon(url, body);
  } catch {
    // Async, so that this throws nothing where `fetch` is missing too.
    const request = async (): Promise<unknown> =>
      fetch(url, { method: 'POST', body, keepalive: true, mode: 'no-cors' });
    request().catch(() => undefined);
    return true;
  }
}
