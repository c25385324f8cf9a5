import type { BrokerCarrier } from './broker-carrier.js';
import { BrokerError } from './broker-error.js';
import { encodeBeat, type FrameCodec, type FrameKind, joinRecords, lengthWithin } from './frames.js';

/** Maximum frames that are passed to the carrier in one call. */
const FRAMES_AT_ONCE = 32;
const END_WITHIN_MS = 5_000;
/**
 * Milliseconds for which the first records wait if frames are signed. In that time the other nodes learn that this one
 * is new and not a copy of a former one (`Peers`); frames that come earlier are lost to them.
 */
const INTRODUCTION_MS = 250;

/** Options of `FrameQueue`. */
export interface FrameQueueOptions {
  /** Maximum bytes of records that may wait. */
  readonly waitingBytesMax: number;
  /** Returns the names of the nodes that this one receives frames of, the newest first. */
  readonly heard: () => readonly string[];
}

/**
 * Queues and sends the frames of this node. Records (encoded publications) that are added within one tick, or while the
 * carrier is sending, are sent together in one frame if they fit. Nothing is retried. If the carrier could not send a
 * frame, it is lost, and the other nodes detect that by its missing number.
 */
export class FrameQueue {
  readonly #carrier: BrokerCarrier;
  readonly #codec: FrameCodec;
  readonly #options: FrameQueueOptions;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  /** The number of the last frame. */
  #number = 0;
  /** The number of the last heartbeat. */
  #beats = 0;
  /** Whether a heartbeat must be sent. */
  #isBeatDue = false;
  #sending: Promise<void> | null = null;
  /** Resolves when records may be sent. */
  readonly #introduction: Promise<void>;
  #isIntroduced: boolean;
  #isEnded = false;

  constructor(carrier: BrokerCarrier, codec: FrameCodec, options: FrameQueueOptions) {
    this.#carrier = carrier;
    this.#codec = codec;
    this.#options = options;
    this.#isIntroduced = !codec.isSigned;
    this.#introduction = this.#isIntroduced ? Promise.resolve() : this.#introduce();
  }

  /**
   * Queues an encoded publication.
   *
   * @throws BrokerError `broker_full` if more bytes than the limit would wait
   */
  add(record: Buffer): void {
    if (this.#waitingBytes + record.length > this.#options.waitingBytesMax) {
      this.skip();
      throw new BrokerError('broker_full');
    }
    this.#waiting.push(record);
    this.#waitingBytes += record.length;
    this.#send();
  }

  /** Skips a frame number for a rejected publication, so that the other nodes detect a gap. */
  skip(): void {
    this.#number += 1;
  }

  /** Sends a heartbeat. Without a key, records that are sent instead suffice, because they have a number too. */
  beat(): void {
    // After the `end`, a frame would look like the return of this node.
    if (this.#isEnded) return;
    this.#isBeatDue = true;
    this.#send();
  }

  /**
   * Sends the waiting records, then an `end` frame, by which the other nodes know that this node is not gone but
   * closed. Resolves after at most 5 s, even if the `end` could not be sent.
   */
  async end(): Promise<void> {
    const timer = { id: setTimeout(() => undefined, 0) };
    const tooLong = new Promise<void>((resolve) => {
      timer.id = setTimeout(resolve, END_WITHIN_MS);
    });
    await Promise.race([this.#sendRest(), tooLong]);
    clearTimeout(timer.id);
  }

  async #introduce(): Promise<void> {
    await new Promise<void>((resolve) => void setTimeout(resolve, INTRODUCTION_MS).unref());
    this.#isIntroduced = true;
    if (this.#waiting.length > 0) this.#send();
  }

  async #sendRest(): Promise<void> {
    if (this.#waiting.length > 0) await this.#introduction;
    while (this.#sending !== null) await this.#sending;
    this.#isEnded = true;
    await this.#carrier.send([this.#codec.encode('end', this.#number)]).catch(() => undefined);
  }

  #send(): void {
    this.#sending ??= this.#sendWaiting().finally(() => {
      this.#sending = null;
      // Starts again, because records may have been added after the loop has ended.
      if (this.#isDue) this.#send();
    });
  }

  get #isDue(): boolean {
    return (this.#isIntroduced && this.#waiting.length > 0) || this.#isBeatDue;
  }

  async #sendWaiting(): Promise<void> {
    // Waits, so that publications of the same tick are sent together.
    await null;
    while (this.#isDue) {
      const frames = this.#isIntroduced ? this.#take() : [];
      if (this.#isBeatDue && (frames.length === 0 || this.#codec.isSigned)) frames.push(this.#beat());
      this.#isBeatDue = false;
      // Ignores a failure here, because the carrier reports it through `onContact`.
      for (let sent = 0; sent < frames.length; sent += FRAMES_AT_ONCE)
        await this.#carrier.send(frames.slice(sent, sent + FRAMES_AT_ONCE)).catch(() => undefined);
    }
  }

  #beat(): Buffer {
    if (!this.#codec.isSigned) return this.#codec.encode('beat', this.#number);
    this.#beats += 1;
    const room = this.#carrier.frameBytesMax - this.#codec.overhead;
    return this.#codec.encode('beat', this.#number, [encodeBeat(this.#beats, this.#options.heard(), room)]);
  }

  #take(): Buffer[] {
    const room = this.#carrier.frameBytesMax - this.#codec.overhead;
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
    return this.#codec.encode(kind, this.#number, body);
  }
}
