import type { Verdict } from '@everywire/protocol';

/** What `WireServerOptions.authenticate` learned about the person or program behind a session. */
export interface Claims {
  /** Stable id of the authenticated subject; sessions are found and ended by it. */
  readonly subject: string;
  /** Opaque key of the credential used, so that revoking it ends exactly its sessions. Never the credential itself. */
  readonly credential?: string;
  /**
   * Milliseconds since the epoch. Before it the client is asked for another token, in the session; without one the session is
   * suspended for `limits.suspendedMs`, then it ends with `expired` (SN-21). Default: never.
   */
  readonly expiresAt?: number;
  readonly [claim: string]: unknown;
}

/**
 * How a topic treats a subscriber whose buffer is full (SN-23): a `durable` one ends that session with `overflow`, a `hint`
 * one drops and sends one `reset topic`, an `ephemeral` one drops.
 */
export type TopicClass = 'durable' | 'hint' | 'ephemeral';

/**
 * The server's end of one session: outlives every connection, delivers in order and exactly once.
 *
 * Handlers are set in `onSession`, synchronously; messages that came early wait for that. One message is handled at a time:
 * a promise returned by `onMessage` withholds the acknowledgement until it settles (SN-6), which is the back-pressure.
 */
export interface WireSession {
  /** A number unique in this process; safe in logs. It is not the session id, which is a secret. */
  readonly serial: number;
  /** Those of the token that is good now: a renewed one may bring others, for the same subject. */
  readonly claims: Claims;
  /** Name of the transport that is written to now, or `null` between polls and while nothing is connected. */
  readonly transport: string | null;
  readonly bufferedAmount: number;
  onMessage: ((data: string | Uint8Array) => void | Promise<void>) | null;
  /** Called once, after which nothing else is. */
  onClose: ((verdict: Verdict) => void) | null;
  /** Called when `transport` changes. */
  onTransport: ((transport: string | null) => void) | null;
  /** @returns false above the window: wait for the peer. @throws WireError `buffer_full` above the limit; nothing was accepted. */
  send(data: string | Uint8Array): boolean;
  join(topic: string): void;
  leave(topic: string): void;
  /**
   * Gives the client another session id, as is done by itself with each renewed token: the present one is worth nothing as soon
   * as the new one was used (SN-20).
   */
  rotate(): void;
  /** Ends the session cleanly: what was accepted is delivered first (SN-4). */
  close(): void;
  /** Ends the session now, with a stable code (`revoked`, `policy`, ...), at both ends. */
  end(code: string): void;
}
