/** The counts block every head, answer, `attach`, `attached`, `ack`, `ping` and `pong` carries (SN-5). */
export interface Counts {
  /** Messages of the other end consumed by the application here; counts by its maximum (SN-6). */
  readonly ack: number;
  /** Messages of the other end taken here; as last stated. */
  readonly received: number;
  /** The highest `ack` had from the other end; as last stated. */
  readonly seen: number;
  /** The highest number written to any link; a hint, never checked. */
  readonly sent: number;
  /** Running checksum of messages 1 to `received`, as an unsigned 32-bit number. */
  readonly sum: number;
  /** Once closing: the last number `send` accepted (SN-4). */
  readonly last?: number;
  /** Beside `last`: checksum of this end's own messages 1 to `last` (SN-4). */
  readonly lastSum?: number;
  /** A number of the sender's own messages that somebody waits for: to be told of as soon as it is taken, and settled (SN-30). */
  readonly want?: number;
  /** Server: bytes held of message `received + 1`, which comes in parts (SN-45); absent for none. */
  readonly partial?: number;
}

/** A whole number from 0 to 2^53 - 1, which all counts are (SN-2). */
export function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
