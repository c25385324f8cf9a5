import type { OutgoingEvent } from './outgoing-event.js';

/** Maximum packets that are kept for one client. */
const PACKETS_MAX = 1_000;

/**
 * Keeps the packets that a client may have missed, so that it gets them when it returns after a lost connection. These
 * are all packets since the last ping that the client has answered.
 */
export class SentLog {
  #packets: OutgoingEvent[] = [];
  #bytes = 0;
  readonly #bytesMax: number;
  /** The offset up to which packets were dropped. */
  #dropped = 0;
  /** The offset of the last packet before the ping that is not answered yet. */
  #atPing = 0;
  #last = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(packet: OutgoingEvent): void {
    this.#packets.push(packet);
    this.#bytes += packet.bytes;
    this.#last = packet.offset;
    let count = 0;
    for (let bytes = this.#bytes; bytes > this.#bytesMax || this.#packets.length - count > PACKETS_MAX; count++)
      bytes -= this.#packets[count]?.bytes ?? bytes;
    this.#drop(count);
  }

  /** Notes that a ping is sent. */
  onPing(): void {
    this.#atPing = this.#last;
  }

  /** Drops everything that was sent before the ping, which the client has received. */
  onPong(): void {
    const at = this.#packets.findIndex(({ offset }) => offset > this.#atPing);
    this.#drop(at < 0 ? this.#packets.length : at);
  }

  /** Returns the packets after `offset`; `null` if some of them were dropped. */
  after(offset: number): readonly OutgoingEvent[] | null {
    return offset < this.#dropped ? null : this.#packets.filter((packet) => packet.offset > offset);
  }

  #drop(count: number): void {
    if (count === 0) return;
    for (const packet of this.#packets.slice(0, count)) this.#bytes -= packet.bytes;
    this.#dropped = this.#packets[count - 1]?.offset ?? this.#dropped;
    this.#packets = this.#packets.slice(count);
  }
}
