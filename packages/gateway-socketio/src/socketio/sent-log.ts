import type { OutgoingEvent } from './outgoing-event.js';

/** Packets kept for one client that may come back. */
const PACKETS_MAX = 1_000;

/** What a client may have missed: everything since it last answered a ping. */
export class SentLog {
  #packets: OutgoingEvent[] = [];
  #bytes = 0;
  readonly #bytesMax: number;
  /** Offset up to which packets are not kept. */
  #dropped = 0;
  /** Offset of the last packet before the ping that is under way. */
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

  onPing(): void {
    this.#atPing = this.#last;
  }

  /** The client has everything that was sent before the ping. */
  onPong(): void {
    const at = this.#packets.findIndex(({ offset }) => offset > this.#atPing);
    this.#drop(at < 0 ? this.#packets.length : at);
  }

  /** Returns what was sent after `offset`; `null` where some of it is not kept. */
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
