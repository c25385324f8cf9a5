import { refuseUnknown } from '@everywire/protocol/internal';
import { checkDuration } from './check-duration.js';
import type { MembersQuery } from './wire-server.js';
import type { PublishOptions, RequestOptions, SendOptions, TopicClass } from './wire-session.js';

// Checks the options of calls, which would otherwise ignore what they do not know.

type Names<Options> = Readonly<Record<keyof Options, true>>;

const PUBLISH: Names<PublishOptions> = { class: true, except: true, conflate: true, reach: true };
const CLASSES: Readonly<Record<TopicClass, true>> = { durable: true, hint: true, ephemeral: true };
const SEND: Names<SendOptions> = { until: true, signal: true };
const REQUEST: Names<RequestOptions> = { timeoutMs: true, signal: true };
const MEMBERS: Names<MembersQuery> = { after: true, limit: true };
const STOP: Names<StopOptions> = { deadlineMs: true };

/** Options of `close` and `freeze`. */
export interface StopOptions {
  readonly deadlineMs?: number;
}

/** Returns the options. @throws TypeError for an unknown name, class or reach */
export function checkPublishOptions(options: PublishOptions): PublishOptions {
  refuseUnknown('', options, PUBLISH);
  const { class: topicClass, reach = 'node' } = options;
  if (topicClass !== undefined) refuseUnknown('class: ', { [topicClass]: true }, CLASSES);
  if (reach !== 'node') throw new TypeError(`reach: ${String(reach)} is not "node"`);
  return options;
}

/** Returns the options. @throws TypeError for an unknown name or event to wait for */
export function checkSendOptions(options: SendOptions): SendOptions {
  refuseUnknown('', options, SEND);
  if (options.until !== 'peer') throw new TypeError(`until: ${String(options.until)} is not "peer"`);
  return options;
}

/** Returns the options. @throws TypeError for an unknown name */
export function checkRequestOptions(options: RequestOptions): RequestOptions {
  refuseUnknown('', options, REQUEST);
  return options;
}

/** Returns the query. @throws TypeError for an unknown name */
export function checkMembersQuery(query: MembersQuery): MembersQuery {
  refuseUnknown('', query, MEMBERS);
  return query;
}

/** Returns the deadline in milliseconds. @throws TypeError for an unknown name, RangeError for no duration */
export function deadlineOf(options: StopOptions = {}, usualMs: number): number {
  refuseUnknown('', options, STOP);
  return checkDuration('deadlineMs', options.deadlineMs ?? usualMs);
}
