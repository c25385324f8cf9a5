import type { ClientLinkView, LinkKind, Transport } from './contract.js';

/**
 * One link of the client: a connection or HTTP request that carries the session's records and messages, with its own
 * cursors (SN-5). The second stage of the client sets the fields without an initial value.
 */
export class ClientLink implements ClientLinkView {
  declare readonly kind: LinkKind;
  declare readonly transport: Transport | null;
  /** For an `open`: the transport to attach by if it wins the race. */
  declare readonly opens: Transport | null;
  /** When its current phase began (connecting, probing or attaching), and when data last arrived. */
  declare since: number;
  declare heardAt: number;
  /** When the handshake of a two-way link was answered. */
  declare openedAt?: number;
  /**
   * For a stream: when the response head arrived, and when the server was last asked for news on another link (SN-13).
   */
  declare begunAt?: number;
  declare askedAt?: number;
  /** Numbers of the next message to read and to write; 0 before `attached`. */
  in = 0;
  out = 0;
  /** Attach number, 0 before the attach was written. For a POST: the number of its body. */
  n = 0;
  /** For a body whose answer cannot be read: the last number it carries, 0 for none. */
  declare blindTo?: number;
  /** If that message is sent in parts: the end of this part in bytes. */
  declare blindHeld?: number;
  /** For a body whose answer cannot be read: when its request succeeded. */
  declare landedAt?: number;
  /** Whether its first record was in its handshake (SN-40). Then its head does not measure the round trip. */
  declare headed?: boolean;
  /** Whether it is a held poll, whose answer may take a heartbeat. */
  declare parked?: boolean;
  /** Content sent, in bytes. Its time on a slow path is added to the round trip. */
  declare bytes?: number;
  /**
   * For a body whose answer cannot be read: whether its request succeeded although the server did not receive the body
   * (SN-46).
   */
  declare missed?: boolean;
  /** The token that a body carries. Repeated until a body with it is answered. */
  declare token?: string | null;
  /** Whether the answer was that the body is too large (SN-46). */
  declare tooLarge?: boolean;
  /** For a body: the transport of the held request that was ended so that the body gets through (SN-47). */
  declare alone?: Transport;
  /** Whether the link carried more than its own head, the first record from the server (SN-12). */
  declare useful?: boolean;
  /** After replacement: read until `superseded` arrives, or until this time (SN-10). */
  declare retireAt?: number;
  /** Whether the server has sent `superseded` on this link, after which the server writes nothing more on the link. */
  declare superseded?: boolean;

  constructor(kind: LinkKind, transport: Transport | null, opens: Transport | null, now: number) {
    this.kind = kind;
    this.transport = transport;
    this.opens = opens;
    this.since = now;
    this.heardAt = now;
  }
}
