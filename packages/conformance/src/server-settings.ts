import { type BufferLimits, bufferLimits, type SessionTimes, sessionLimits, sessionTimes } from '@everywire/protocol';

/**
 * Settings that the rules define and `opened` does not announce. A server under test may shorten them, so that a run
 * takes less time. Its application then reports them in reply to `settings` (`docs/spec/conformance.md`).
 */
export interface ServerSettings extends SessionTimes, BufferLimits {
  /** Milliseconds between two heartbeats. The only setting here that `opened` announces. */
  readonly heartbeatMs: number;
  /** Milliseconds a socket may be open without `open` or `attach`. */
  readonly unattachedMs: number;
  /** Milliseconds a raw TCP connection may be open without a session. */
  readonly tcpUnattachedMs: number;
  /** Milliseconds from the server's close frame to the end of the connection, if no reply arrives. */
  readonly closeFrameMs: number;
  /** Milliseconds a ticket is valid for. */
  readonly ticketMs: number;
  /** Milliseconds in which a request's body must arrive. */
  readonly bodyTimeoutMs: number;
  /** Maximum bytes of a body. */
  readonly bodyBytesMax: number;
  /** Maximum bytes of the body of `open` and of `ticket`. */
  readonly smallBodyBytesMax: number;
  /** Maximum frames of one message. */
  readonly fragmentsMax: number;
}

/** The values in the specification. */
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
