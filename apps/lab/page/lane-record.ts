import type { ClientRecording } from '@everywire/client/recorder';
import type { LaneCounts, LaneReport, LastingFault, LogEntry } from '../src/reports.js';
import type { LaneNews } from './messages.js';

/** Limits of what the page keeps of each lane. Older round trips, states and log entries are dropped. */
const SAMPLES_MAX = 500;
const STATES_MAX = 200;
const LOG_MAX = 120;

/** A state of the client and the time when it began. */
export interface StateAt {
  /** Milliseconds since the start of the lane. */
  readonly at: number;
  readonly state: string;
  readonly readyState: number;
  readonly transport: string | null;
  readonly reason: string | null;
}

/** The state of a lane in the page. */
export interface LaneRecord {
  /** Whether the frame of the lane is ready for orders. */
  readonly ready: boolean;
  /** Counts since the lane was connected. */
  readonly counts: LaneCounts;
  /** Counts as reported, since the start of the lab. */
  readonly total: LaneCounts;
  /** The value of `total` when the lane was connected. `counts` is the difference. */
  readonly base: LaneCounts;
  readonly faults: readonly LastingFault[];
  readonly states: readonly StateAt[];
  /** Milliseconds from `send` to the echo of each message, in order of arrival. */
  readonly roundTrips: readonly number[];
  readonly sent: number;
  readonly received: number;
  /** Bytes of messages in both directions. */
  readonly payloadBytes: number;
  readonly log: readonly LogEntry[];
  /** The number of log entries that the server omitted, because there were too many. */
  readonly leftOut: number;
  /** The reason why the session ended; `null` before the end. */
  readonly closed: string | null;
  /** The last reported recording of its session, with the subject that identifies it on the server. */
  readonly reported: { readonly subject: string; readonly recording: ClientRecording } | null;
}

const noCounts: LaneCounts = { requests: 0, bytesUp: 0, bytesDown: 0, emptyAnswers: 0, connections: 0, held: 0 };

/** The record of a lane that was never connected. */
export const newRecord: LaneRecord = {
  ready: false,
  counts: noCounts,
  total: noCounts,
  base: noCounts,
  faults: [],
  states: [],
  roundTrips: [],
  sent: 0,
  received: 0,
  payloadBytes: 0,
  log: [],
  leftOut: 0,
  closed: null,
  reported: null,
};

/** Returns the record with a report of the server added. */
export function withReport(record: LaneRecord, { counts, faults, log, leftOut }: LaneReport): LaneRecord {
  return {
    ...record,
    counts: since(record.base, counts),
    total: counts,
    faults,
    log: log.length === 0 ? record.log : [...record.log, ...log].slice(-LOG_MAX),
    leftOut: record.leftOut + leftOut,
  };
}

/** Returns a fresh record for a lane that has just connected. */
export function connected({ ready, total, faults, log }: LaneRecord): LaneRecord {
  return { ...newRecord, ready, total, base: total, faults, log };
}

function since(base: LaneCounts, total: LaneCounts): LaneCounts {
  return {
    requests: total.requests - base.requests,
    bytesUp: total.bytesUp - base.bytesUp,
    bytesDown: total.bytesDown - base.bytesDown,
    emptyAnswers: total.emptyAnswers - base.emptyAnswers,
    connections: total.connections,
    held: total.held,
  };
}

/** Returns the record with news from the frame of the lane added. */
export function withNews(record: LaneRecord, news: LaneNews): LaneRecord {
  switch (news.kind) {
    case 'state': {
      const { at, state, readyState, transport, reason } = news;
      return { ...record, states: [...record.states, { at, state, readyState, transport, reason }].slice(-STATES_MAX) };
    }
    case 'sent':
      return { ...record, sent: record.sent + news.count, payloadBytes: record.payloadBytes + news.bytes };
    case 'echo':
      return {
        ...record,
        received: record.received + 1,
        payloadBytes: record.payloadBytes + news.bytes,
        roundTrips: [...record.roundTrips, news.ms].slice(-SAMPLES_MAX),
      };
    case 'closed':
      return { ...record, closed: news.code };
    case 'recording':
      return { ...record, reported: { subject: news.subject, recording: news.recording } };
    case 'ready':
      return { ...record, ready: true };
  }
}

/** Returns the overhead bytes per message, both directions included; `null` before the first message came back. */
export function overheadOf({ counts, payloadBytes, received }: LaneRecord): number | null {
  return received === 0 ? null : (counts.bytesUp + counts.bytesDown - payloadBytes) / (2 * received);
}

/** Returns the value below which a share of the values lies; `null` without values. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
}
