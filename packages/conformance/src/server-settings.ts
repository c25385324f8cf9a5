import { type BufferLimits, bufferLimits, type SessionTimes, sessionLimits, sessionTimes } from '@everywire/protocol';

/**
 * What the rules fix and `opened` does not announce. A server under test may shorten any of it, so that a run takes less time;
 * its application then says so when it is asked `settings` (`docs/spec/conformance.md`).
 */
export interface ServerSettings extends SessionTimes, BufferLimits {
  /** Milliseconds between two heartbeats: the one of these that `opened` announces. */
  readonly heartbeatMs: number;
  /** Milliseconds a socket may be open without `open` or `attach`. */
  readonly unattachedMs: number;
  /** Milliseconds a connection of raw TCP may carry no session. */
  readonly tcpUnattachedMs: number;
  /** Milliseconds from a close frame of the server to the end of the connection, where no reply comes. */
  readonly closeFrameMs: number;
  /** Milliseconds a ticket is good for. */
  readonly ticketMs: number;
  /** Milliseconds a request's body may take. */
  readonly bodyTimeoutMs: number;
  /** Bytes of a body. */
  readonly bodyBytesMax: number;
  /** Bytes of the body of `open` and of `ticket`. */
  readonly smallBodyBytesMax: number;
  /** Frames of one message. */
  readonly fragmentsMax: number;
}

/** The numbers of the specification. */
export const specifiedSettings: ServerSettings = {
  ...sessionTimes,
  ...bufferLimits,
  heartbeatMs: sessionLimits.heartbeatMs,
  unattachedMs: 10_000,
  tcpUnattachedMs: 5_000,
  closeFrameMs: 5_000,
  ticketMs: 10_000,
  bodyTimeoutMs: 10_000,
  bodyBytesMax: 2 << 20,
  smallBodyBytesMax: 128 << 10,
  fragmentsMax: 1024,
};
