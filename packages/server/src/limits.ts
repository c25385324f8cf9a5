/**
 * Every bound of the transport server, by name, unit and reason. What a session announces to its client in `opened` is
 * among them. Each is reached with a documented outcome; none is merely a hope.
 */
export interface ServerLimits {
  /** Bytes of one message's payload. Above: close code 1009 on a socket, 413 on a body. */
  readonly messageBytesMax: number;
  /** Messages either side may have written and not had acknowledged (SN-22). More: `hostile`. */
  readonly windowMessages: number;
  /** Bytes either side may have written and not had acknowledged (SN-22). */
  readonly windowBytes: number;
  /** Messages a session holds for its client before a publish overflows it and `send` throws (SN-23). */
  readonly bufferMessagesMax: number;
  /** Bytes a session holds for its client before a publish overflows it and `send` throws (SN-23). */
  readonly bufferBytesMax: number;
  /** Messages in one up body; also in one answer of a long poll. */
  readonly batchMessagesMax: number;
  /** Bytes of one up body, counted before it is buffered. Above: 413. It must hold one message in its encoding. */
  readonly bodyBytesMax: number;
  /** Messages that may come with `open`, before the session is confirmed (SN-14). */
  readonly earlyMessagesMax: number;
  /** Bytes of the messages that may come with `open` (SN-14). */
  readonly earlyBytesMax: number;
  /** Milliseconds between heartbeats; also how long a poll is held. A link silent for one and a half is dead (SN-15). */
  readonly heartbeatMs: number;
  /** Milliseconds without any carrier after which a session is `expired`, if that is more than six heartbeats (SN-15). */
  readonly sessionSilenceMs: number;
  /** Milliseconds an opened session waits for its first other carrier (SN-14). */
  readonly unconfirmedMs: number;
  /** Milliseconds a clean close may take before it is given up (SN-4). */
  readonly closingMs: number;
  /** Milliseconds the verdict of an ended session is kept for whoever asks (SN-4). */
  readonly verdictMs: number;
  /** Milliseconds an old two-way link is read after a newer one was attached (SN-10). */
  readonly oldLinkMs: number;
  /** Milliseconds a socket may be open without `open` or `attach`. Then: close code 1008. */
  readonly unattachedMs: number;
  /** Milliseconds from the first byte of a message to its last, and a socket may stay undrained. Then the link ends. */
  readonly progressMs: number;
  /** Milliseconds the peer has to answer a close frame before the socket is destroyed. */
  readonly closeFrameMs: number;
  /** Milliseconds a request body may take. Then: 408. */
  readonly bodyTimeoutMs: number;
  /** Milliseconds request heads may take; the http server's own setting is lowered to it, 0 leaves it alone. */
  readonly headersTimeoutMs: number;
  /** Milliseconds `authenticate` may take. Then: refused with `unauthorized`. */
  readonly authenticateMs: number;
  /** `authenticate` calls under way at once. Above: refused with `busy`, the client comes again. */
  readonly authenticationsMax: number;
  /** Sessions alive at once. Above: refused with `busy`. */
  readonly sessionsMax: number;
  /** Sessions not yet confirmed. Above, the oldest of them is ended: an honest client confirms within a round trip. */
  readonly unconfirmedMax: number;
  /** Tickets a session may hold unspent. Above, its oldest is forgotten. */
  readonly ticketsPerSession: number;
  /** Milliseconds a ticket is good for (SN-20). */
  readonly ticketMs: number;
  /** Links of one session at once, old ones that are still read included. Above, the oldest is ended. */
  readonly linksPerSession: number;
  /** Topics one session may be in. Above: `join` throws, a client's wish is refused. */
  readonly topicsPerSession: number;
  /** Characters of a topic's name. */
  readonly topicLengthMax: number;
  /** Wishes to join of one session waiting for `onJoin`. Above: refused. */
  readonly joinsPendingMax: number;
  /** Bytes after which a streaming response ends at a message boundary, because browsers may keep what they read. */
  readonly streamBytesMax: number;
  /** Milliseconds between two notices of one code. */
  readonly noticeIntervalMs: number;
  /** Milliseconds between two looks of the one timer at the sessions that are due; every other time is rounded up to it. */
  readonly tickMs: number;
}

export const defaultServerLimits: ServerLimits = {
  messageBytesMax: 1 << 20,
  windowMessages: 256,
  windowBytes: 1 << 20,
  bufferMessagesMax: 2048,
  bufferBytesMax: 4 << 20,
  batchMessagesMax: 256,
  bodyBytesMax: 2 << 20,
  earlyMessagesMax: 16,
  earlyBytesMax: 16_384,
  heartbeatMs: 15_000,
  sessionSilenceMs: 90_000,
  unconfirmedMs: 10_000,
  closingMs: 8_000,
  verdictMs: 60_000,
  oldLinkMs: 2_000,
  unattachedMs: 10_000,
  progressMs: 30_000,
  closeFrameMs: 5_000,
  bodyTimeoutMs: 10_000,
  headersTimeoutMs: 10_000,
  authenticateMs: 10_000,
  authenticationsMax: 1_000,
  sessionsMax: 100_000,
  unconfirmedMax: 10_000,
  ticketsPerSession: 4,
  ticketMs: 10_000,
  linksPerSession: 4,
  topicsPerSession: 1_000,
  topicLengthMax: 256,
  joinsPendingMax: 16,
  streamBytesMax: 8 << 20,
  noticeIntervalMs: 10_000,
  tickMs: 50,
};
