/**
 * The counts block: the sender's numbers of messages received, consumed and acknowledged. Every head, answer, `attach`,
 * `attached`, `ack`, `ping` and `pong` carries it (SN-5).
 */
export interface Counts {
  /**
   * Messages of the peer that the sender's application has consumed. Of all stated values, the maximum counts (SN-6).
   */
  readonly ack: number;
  /** Messages of the peer that the sender has received. The last stated value counts. */
  readonly received: number;
  /** The highest `ack` that the sender has received from the peer. The last stated value counts. */
  readonly seen: number;
  /** The highest message number that the sender has written to any link. It is a hint and never checked. */
  readonly sent: number;
  /** Running checksum of messages 1 to `received`, as an unsigned 32-bit number. */
  readonly sum: number;
  /** While closing: number of the last message that `send` accepted (SN-4). */
  readonly last?: number;
  /** Together with `last`: checksum of this end's own messages 1 to `last` (SN-4). */
  readonly lastSum?: number;
  /** Number of one of the sender's own messages whose receipt and settlement the peer reports immediately (SN-30). */
  readonly want?: number;
  /**
   * Stated by the server only: bytes held of message `received + 1` while it arrives in parts (SN-45). Absent if there
   * are none.
   */
  readonly partial?: number;
}

/** Returns whether the value is a whole number from 0 to 2^53 - 1, as all counts are (SN-2). */
export function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
