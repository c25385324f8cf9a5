import type { Socket } from 'node:net';

/** An entry of the queue: bytes to write, or an action to run once everything before it is written. */
type Step = { readonly bytes: Buffer } | { readonly act: () => void };
interface QueuedStep {
  readonly step: Step;
  readonly due: number;
  readonly pieceBytes: number;
}

/** Reading pauses above this many waiting bytes and resumes below the other mark. */
const WAITING_BYTES_HIGH = 262_144;
const WAITING_BYTES_LOW = 65_536;

/** How to pass on the next bytes; evaluated for each piece. */
export interface Pace {
  readonly delayMs: number;
  /** Bytes per write; `Infinity` for no limit. */
  readonly pieceBytes: number;
}

/**
 * Queues one direction of a proxied connection, in order, with delays and small writes. Reading pauses while too much waits, so that
 * backpressure reaches the other end.
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

  /** Runs `act` when everything pushed before is written. */
  afterThat(act: () => void): void {
    this.#add({ act }, { delayMs: 0, pieceBytes: Number.POSITIVE_INFINITY });
  }

  /** Holds everything back until `release`. */
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

  /** Runs an entry; returns `false` if only a part of its bytes was written. */
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
