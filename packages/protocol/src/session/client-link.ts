import type { ClientLinkView, LinkKind, Transport } from './contract.js';

/** One carrier of the client, with its own cursors (SN-5). What is declared alone is for the second stage, which is not loaded at first. */
export class ClientLink implements ClientLinkView {
  declare readonly kind: LinkKind;
  declare readonly transport: Transport | null;
  /** For an `open`: the transport to attach by when it wins the race. */
  declare readonly opens: Transport | null;
  /** When its present phase began: connecting, probing, attaching; and when it was last heard. */
  declare since: number;
  declare heardAt: number;
  /** When the handshake of a two-way link was answered. */
  declare openedAt?: number;
  /** Of a stream: when the head of the HTTP answer came; and when the server was asked for news beside it (SN-13). */
  declare begunAt?: number;
  declare askedAt?: number;
  /** Number of the next message to be read, written; 0 before `attached`. */
  in = 0;
  out = 0;
  /** Attach number, 0 before the attach was written; of a POST the number of its body. */
  n = 0;
  /** Of a body whose answer cannot be read: the last number it brought, 0 for none; and when it got through. */
  declare blindTo?: number;
  /** Where that is one that comes in parts: its bytes up to the end of this one. */
  declare blindHeld?: number;
  declare landedAt?: number;
  /** Its first record went in its opening handshake (SN-40), so that the head says nothing of the round trip. */
  declare headed?: boolean;
  /** A poll that waits for something to happen: its answer may take a heartbeat. */
  declare parked?: boolean;
  /** Content that it takes up, in bytes: what this may take on a slow path comes to the round trip. */
  declare bytes?: number;
  /** Of a body whose answer cannot be read: it got through, and was not taken (SN-46). */
  declare missed?: boolean;
  /** The token that a body brings: again, until one with it is answered. */
  declare token?: string | null;
  /** The answer to it was that it is too large (SN-46). */
  declare tooLarge?: boolean;
  /** Of a body: the transport that was held beside it, and has ended so that it gets through (SN-47). */
  declare alone?: Transport;
  /** It carried more than its own head (SN-12). */
  declare useful?: boolean;
  /** Replaced: read until the server has said `superseded`, or until then (SN-10). */
  declare retireAt?: number;
  /** The server has said so, and writes nothing more on it. */
  declare superseded?: boolean;

  constructor(kind: LinkKind, transport: Transport | null, opens: Transport | null, now: number) {
    this.kind = kind;
    this.transport = transport;
    this.opens = opens;
    this.since = now;
    this.heardAt = now;
  }
}
