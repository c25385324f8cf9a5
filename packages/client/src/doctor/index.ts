import { readLateRecords } from '@everywire/protocol/internal';
import { toPrefix } from '../prefix.js';
import { connectWebSocket } from '../transports/websocket.js';
import { type ExamineOptions, examineWith } from './examine.js';
import type { Report } from './report.js';

export type { CheckOutcome, Finding, FindingCode, Report } from './report.js';
export { type Description, describe } from './words/describe.js';
export type { ExamineOptions };

/**
 * Examines how the network path to a server treats requests, responses and WebSockets, and what is wrong with the address if
 * nothing answers. Opens no session and needs no token. Takes 3 s if nothing is wrong, up to half a minute otherwise.
 *
 * @param url the server's path prefix, absolute or relative to the page
 * @throws TypeError if `url` is invalid. Findings never reject the promise; an aborted `signal` rejects it with its reason.
 */
export function examine(url: string | URL, options: ExamineOptions = {}): Promise<Report> {
  // The WebSocket check needs the probe record.
  readLateRecords();
  const page = globalThis.location?.origin;
  const isOffline = (): boolean => globalThis.navigator?.onLine === false;
  return examineWith(toPrefix(url, globalThis.location?.href), { connectWebSocket, page, isOffline }, options);
}
