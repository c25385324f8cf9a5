import { BrokerError } from './broker-error.js';
import type { Carrier } from './carrier.js';
import { encodeFrame, type FrameKind, HEADER_BYTES, joinRecords, lengthWithin } from './frames.js';

/** Frames given to the carrier at once. */
const FRAMES_AT_ONCE = 32;
const END_WITHIN_MS = 5_000;

/**
 * What this node sends. Records that are added while the carrier is sending, or in one turn, travel together. Nothing is sent twice: a frame that the carrier
 * could not send is lost, which its number tells the others.
 */
export class Outbox {
  readonly #carrier: Carrier;
  readonly #from: Buffer;
  readonly #waitingBytesMax: number;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  /** The last number that was given. */
  #number = 0;
  #isBeatDue = false;
  #sending: Promise<void> | null = null;

  constructor(carrier: Carrier, from: Buffer, waitingBytesMax: number) {
    this.#carrier = carrier;
    this.#from = from;
    this.#waitingBytesMax = waitingBytesMax;
  }

  /** @throws BrokerError `broker_full` */
  add(record: Buffer): void {
    if (this.#waitingBytes + record.length > this.#waitingBytesMax) {
      this.skip();
      throw new BrokerError('broker_full');
    }
    this.#waiting.push(record);
    this.#waitingBytes += record.length;
    this.#send();
  }

  /** Something was not accepted: the others see that a number is missing. */
  skip(): void {
    this.#number += 1;
  }

  beat(): void {
    this.#isBeatDue = true;
    this.#send();
  }

  /** Resolves when everything was sent, and the others were told that nothing follows; or when that takes too long, and they find it out. */
  async end(): Promise<void> {
    const timer = { id: setTimeout(() => undefined, 0) };
    const tooLong = new Promise<void>((resolve) => {
      timer.id = setTimeout(resolve, END_WITHIN_MS);
    });
    await Promise.race([this.#sendRest(), tooLong]);
    clearTimeout(timer.id);
  }

  async #sendRest(): Promise<void> {
    while (this.#sending !== null) await this.#sending;
    await this.#carrier.send([encodeFrame('end', this.#from, this.#number)]).catch(() => undefined);
  }

  #send(): void {
    this.#sending ??= this.#sendWaiting().finally(() => {
      this.#sending = null;
      // Added after it had looked for the last time.
      if (this.#waiting.length > 0 || this.#isBeatDue) this.#send();
    });
  }

  async #sendWaiting(): Promise<void> {
    // What is published in one turn travels together.
    await null;
    while (this.#waiting.length > 0 || this.#isBeatDue) {
      const frames = this.#take();
      if (this.#isBeatDue && frames.length === 0) frames.push(encodeFrame('beat', this.#from, this.#number));
      this.#isBeatDue = false;
      // A carrier that fails tells so by its contact.
      for (let sent = 0; sent < frames.length; sent += FRAMES_AT_ONCE)
        await this.#carrier.send(frames.slice(sent, sent + FRAMES_AT_ONCE)).catch(() => undefined);
    }
  }

  #take(): Buffer[] {
    const room = this.#carrier.frameBytesMax - HEADER_BYTES;
    const frames: Buffer[] = [];
    let taken = 0;
    let together: Buffer[] = [];
    let bytes = 0;
    const finish = (): void => {
      if (together.length > 0) frames.push(this.#numbered('records', joinRecords(together)));
      together = [];
      bytes = 0;
    };
    for (const record of this.#waiting) {
      if (frames.length >= FRAMES_AT_ONCE) break;
      taken += 1;
      const length = lengthWithin(record);
      if (bytes + length > room) finish();
      if (length > room) frames.push(...this.#inParts(record, room));
      else {
        together.push(record);
        bytes += length;
      }
    }
    finish();
    for (const record of this.#waiting.splice(0, taken)) this.#waitingBytes -= record.length;
    return frames;
  }

  #inParts(record: Buffer, room: number): Buffer[] {
    const frames: Buffer[] = [];
    for (let from = 0; from < record.length; from += room) {
      const kind = from === 0 ? 'firstPart' : from + room < record.length ? 'part' : 'lastPart';
      frames.push(this.#numbered(kind, [record.subarray(from, from + room)]));
    }
    return frames;
  }

  #numbered(kind: FrameKind, body: readonly Buffer[]): Buffer {
    this.#number += 1;
    return encodeFrame(kind, this.#from, this.#number, body);
  }
}
