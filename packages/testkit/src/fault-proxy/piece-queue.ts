import type { Socket } from 'node:net';

/** What stands in the queue: bytes, the end of the stream, or something to do when all before it is written. */
type Step = { readonly bytes: Buffer } | { readonly act: () => void };
interface QueuedStep {
  readonly step: Step;
  readonly due: number;
  readonly pieceBytes: number;
}

/** Above this many bytes waiting, nothing more is read; below the other, reading goes on. */
const WAITING_BYTES_HIGH = 262_144;
const WAITING_BYTES_LOW = 65_536;

/** How the next bytes are to be treated; asked at each piece. */
export interface Pace {
  readonly delayMs: number;
  /** Bytes a write; `Infinity` for all at once. */
  readonly pieceBytes: number;
}

/**
 * One direction of a proxied connection: keeps the order whatever is delayed or cut into pieces.
 * Reading stops while too much waits, so that a peer which does not read is felt at the other end.
 */
export class PieceQueue {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #onDribble: () => void;
  readonly #steps: QueuedStep[] = [];
  #bytesWaiting = 0;
  #pumping = false;
  #held = false;
  #stopped = false;
  #lastDue = 0;

  constructor(from: Socket, to: Socket, onDribble: () => void) {
    this.#from = from;
    this.#to = to;
    this.#onDribble = onDribble;
    to.on('drain', () => this.#resume());
  }

  push(bytes: Buffer, pace: Pace): void {
    this.#bytesWaiting += bytes.length;
    this.#add({ bytes }, pace);
    if (this.#bytesWaiting > WAITING_BYTES_HIGH) this.#from.pause();
  }

  /** Does `act` when all that was pushed before is written. */
  afterThat(act: () => void): void {
    this.#add({ act }, { delayMs: 0, pieceBytes: Number.POSITIVE_INFINITY });
  }

  /** Passes nothing on until `release`. */
  hold(): void {
    this.#held = true;
  }

  release(): void {
    this.#held = false;
    if (!this.#pumping) this.#pump();
  }

  stop(): void {
    this.#stopped = true;
    this.#steps.length = 0;
  }

  #add(step: Step, pace: Pace): void {
    if (this.#stopped) return;
    this.#lastDue = Math.max(this.#lastDue, performance.now() + pace.delayMs);
    this.#steps.push({ step, due: pace.delayMs > 0 ? this.#lastDue : 0, pieceBytes: pace.pieceBytes });
    if (!this.#pumping) this.#pump();
  }

  #pump(): void {
    this.#pumping = false;
    while (this.#steps.length > 0 && !this.#stopped && !this.#held) {
      const next = this.#steps[0]!;
      const waitMs = next.due - performance.now();
      if (waitMs > 0) {
        this.#pumping = true;
        setTimeout(() => this.#pump(), waitMs);
        return;
      }
      if (!this.#doStep(next)) {
        this.#pumping = true;
        setImmediate(() => this.#pump());
        return;
      }
    }
    if (!this.#held) this.#resume();
  }

  /** @returns false if only a part of the bytes was written. */
  #doStep(next: QueuedStep): boolean {
    this.#steps.shift();
    if ('act' in next.step) {
      next.step.act();
      return true;
    }
    const { bytes } = next.step;
    const part = bytes.subarray(0, next.pieceBytes);
    this.#bytesWaiting -= part.length;
    if (!this.#to.write(part)) this.#from.pause();
    if (part.length === bytes.length) return true;
    this.#steps.unshift({ ...next, step: { bytes: bytes.subarray(part.length) } });
    this.#onDribble();
    return false;
  }

  #resume(): void {
    if (!this.#to.writableNeedDrain && this.#bytesWaiting < WAITING_BYTES_LOW) this.#from.resume();
  }
}
