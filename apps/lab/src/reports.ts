/** What the lab's server reports to its page. */

/** The lanes: every transport that a browser of today has, and the client's own choice among them. */
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

export type LaneName = (typeof laneNames)[number];

/** What every message of the lab begins with: a poll's answer without it brought nothing. */
export const MESSAGE_MARK = 'lab-';

/** Faults that stay until they are lifted. */
export const lastingFaults = ['buffer', 'delay', 'block-upgrade'] as const;
/** Faults that happen once. */
export const momentaryFaults = ['cut', 'kill'] as const;
export type LastingFault = (typeof lastingFaults)[number];
export type MomentaryFault = (typeof momentaryFaults)[number];

export interface LaneCounts {
  readonly requests: number;
  /** Bytes of TCP's payload, of the transport's own requests and answers alone. */
  readonly bytesUp: number;
  readonly bytesDown: number;
  /** Answers of polls that brought no message. */
  readonly emptyAnswers: number;
  /** Open connections, idle ones included. */
  readonly connections: number;
  /** Requests without a whole answer: what is held open, an opened WebSocket included. */
  readonly held: number;
}

export interface LogEntry {
  readonly no: number;
  /** Milliseconds since the lane began. */
  readonly at: number;
  /** The connection's number within the lane. */
  readonly connection: number;
  readonly way: 'up' | 'down' | 'end';
  /** One line: a request line, a status line, a frame's fields, a number of bytes. */
  readonly title: string;
  /** All of a head, or the beginning of a payload. */
  readonly detail: string;
}

export interface LaneReport {
  readonly counts: LaneCounts;
  readonly faults: readonly LastingFault[];
  /** New since the last report, oldest first. */
  readonly log: readonly LogEntry[];
  /** New entries that were left out because there were too many. */
  readonly leftOut: number;
}

export type LabReport = Readonly<Record<LaneName, LaneReport>>;
