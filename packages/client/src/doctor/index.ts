import { readLateRecords } from '@everywire/protocol/internal';
import { toPrefix } from '../prefix.js';
import { connectWebSocket } from '../transports/websocket.js';
import { type ExamineOptions, examineWith } from './examine.js';
import type { Report } from './report.js';

export type { CheckOutcome, Finding, FindingCode, Report } from './report.js';
export { type Description, describe } from './words/describe.js';
export type { ExamineOptions };

/**
 * Examines how the network path to a server treats requests, responses and WebSockets, or, if nothing answers, what is
 * wrong with the address. Opens no session and needs no token. Takes 3 s if nothing is wrong, up to half a minute
 * otherwise.
 *
 * @param url the server's path prefix, absolute or relative to the page
 * @throws TypeError if `url` is invalid. The promise never rejects because of a problem that was found. If `signal` is
 * aborted, the promise rejects with its reason.
 */
export function examine(url: string | URL, options: ExamineOptions = {}): Promise<Report> {
  // Lets the WebSocket check decode the server's answers to probes, which the code that comes with the page cannot.
  readLateRecords();
  const page = globalThis.location?.origin;
  const isOffline = (): boolean => globalThis.navigator?.onLine === false;
  return examineWith(toPrefix(url), { connectWebSocket, page, isOffline }, options);
}
