import { readLateRecords } from '@everywire/protocol/internal';
import { toPrefix } from '../prefix.js';
import { connectWebSocket } from '../transports/websocket.js';
import { type ExamineOptions, examineWith } from './examine.js';
import type { Report } from './report.js';

export type { CheckOutcome, Finding, FindingCode, Report } from './report.js';
export { type Description, describe } from './words/describe.js';
export type { ExamineOptions };

/**
 * Looks what the way to a server does to requests, answers and WebSockets, and says what is wrong with the address where nothing
 * answers. It opens no session and needs no token. Takes 3 s where nothing is wrong, up to half a minute where much is.
 *
 * @param url the server's path prefix, absolute or relative to the page
 * @throws TypeError when `url` is none. Never rejects because of what it finds, which is the report; when `signal` comes, with its reason.
 */
export function examine(url: string | URL, options: ExamineOptions = {}): Promise<Report> {
  // A probe that comes back is one.
  readLateRecords();
  const page = globalThis.location?.origin;
  const isOffline = (): boolean => globalThis.navigator?.onLine === false;
  return examineWith(toPrefix(url, globalThis.location?.href), { connectWebSocket, page, isOffline }, options);
}
