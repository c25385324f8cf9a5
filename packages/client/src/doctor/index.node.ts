import { connect as connectWebSocket } from '../node/websocket.js';
import { toPrefix } from '../prefix.js';
import { type ExamineOptions, examineWith } from './examine.js';
import type { Report } from './report.js';

export type { CheckOutcome, Finding, FindingCode, Report } from './report.js';
export { type Description, describe } from './words/describe.js';
export type { ExamineOptions };

/** Examines a server from Node, like `index.ts`. Also reports causes that browsers hide, such as an untrusted certificate. */
export function examine(url: string | URL, options: ExamineOptions = {}): Promise<Report> {
  return examineWith(toPrefix(url), { connectWebSocket, page: undefined, isOffline: () => false }, options);
}
