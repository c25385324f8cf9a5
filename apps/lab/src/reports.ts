/* The reports of the lab's server to its page. */

/** The lanes: every transport that current browsers support, and the client's automatic choice. */
export const laneNames = [
  'automatic',
  'websocket',
  'fetch-stream',
  'event-stream',
  'xhr-stream',
  'multipart-stream',
  'iframe-stream',
  'long-poll',
  'short-poll',
  'jsonp-poll',
] as const;

/** The name of a lane: its transport, or `automatic`. */
export type LaneName = (typeof laneNames)[number];

/** The prefix of every message of the lab. A poll's answer without it contains no message. */
export const MESSAGE_MARK = 'lab-';

/** Faults that last until they are lifted. */
export const lastingFaults = ['buffer', 'delay', 'block-upgrade'] as const;
/** Faults that happen once. */
export const momentaryFaults = ['cut', 'kill'] as const;
/** A fault of `lastingFaults`. */
export type LastingFault = (typeof lastingFaults)[number];
/** A fault of `momentaryFaults`. */
export type MomentaryFault = (typeof momentaryFaults)[number];

/**
 * Figures of one lane. `connections` and `held` are current values, all others are totals since the start of the lab.
 */
export interface LaneCounts {
  readonly requests: number;
  /** Bytes of the TCP payload in both directions. Only requests and answers of the transport count. */
  readonly bytesUp: number;
  readonly bytesDown: number;
  /** Answers to polls without a message. */
  readonly emptyAnswers: number;
  /** Open connections, including idle ones. */
  readonly connections: number;
  /** Requests without a complete answer. An open WebSocket counts as one. */
  readonly held: number;
}

/** An entry in the traffic log of a lane. */
export interface LogEntry {
  readonly no: number;
  /** Milliseconds since the start of the lane. */
  readonly at: number;
  /** The number of the connection in the lane. */
  readonly connection: number;
  readonly way: 'up' | 'down' | 'end';
  /** One line: a request line, a status line, the fields of a frame, or a number of bytes. */
  readonly title: string;
  /** The whole head, or the start of a payload. */
  readonly detail: string;
}

/** What the server reports about one lane, four times a second. */
export interface LaneReport {
  readonly counts: LaneCounts;
  readonly faults: readonly LastingFault[];
  /** Entries since the last report, oldest first. */
  readonly log: readonly LogEntry[];
  /** The number of entries that were omitted because there were too many. */
  readonly leftOut: number;
}

/** A report on all lanes. */
export type LabReport = Readonly<Record<LaneName, LaneReport>>;
