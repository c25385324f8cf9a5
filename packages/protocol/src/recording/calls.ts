import type { RecordedEntry } from './recording.js';
import type { Tape } from './tape.js';

/**
 * Tells the calls into one machine from those it makes, and both from what it calls of itself. A call into it that comes while it
 * calls somebody else was made by that one.
 */
export class Calls {
  readonly #tape: Tape;
  readonly #now: () => number;
  readonly #onRest: () => void;
  /** Inputs under way, and whether the machine is at work rather than whom it called. */
  #depth = 0;
  #isAtWork = false;
  #isOver = false;

  /** @param onRest called when the machine has done its work, whatever came of it */
  constructor(tape: Tape, now: () => number, onRest: () => void) {
    this.#tape = tape;
    this.#now = now;
    this.#onRest = onRest;
  }

  get isAtWork(): boolean {
    return this.#isAtWork;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Nothing more is kept. */
  stop(): void {
    this.#isOver = true;
  }

  input(name: string, tell: () => RecordedEntry, call: () => unknown): unknown {
    if (this.#isOver) return call();
    const wasAtWork = this.#isAtWork;
    this.#guard(() => {
      // Made while the registry was asked for what is held back for this session, or by who waits for counts.
      if (wasAtWork) this.#tape.add({ out: 'asked' });
      this.#tape.add({ in: name, ...(this.#depth > 0 && { depth: this.#depth }), at: this.#now(), ...tell() });
    });
    this.#depth += 1;
    this.#isAtWork = true;
    try {
      return call();
    } finally {
      this.#depth -= 1;
      this.#isAtWork = wasAtWork;
      if (this.#depth === 0 && !this.#isOver) this.#guard(this.#onRest);
    }
  }

  output(tell: () => RecordedEntry, call: () => unknown): unknown {
    this.note(tell);
    return this.#leave(call);
  }

  /** A call that answers something, or nothing: what, is known afterwards, and nothing is done meanwhile. */
  answer<T>(tell: (answered: T) => RecordedEntry, call: () => unknown): T {
    const answered = this.#leave(call) as T;
    if (answered !== undefined) this.note(() => tell(answered));
    return answered;
  }

  /** The machine did something that matters, though it called nobody. */
  note(tell: () => RecordedEntry): void {
    if (this.#isAtWork && !this.#isOver) this.#guard(() => this.#tape.add(tell()));
  }

  /** A defect of the recorder ends the recording, and must not change the session. */
  #guard(keep: () => void): void {
    try {
      keep();
    } catch {
      this.stop();
    }
  }

  /** Whom the machine called is at work meanwhile. */
  #leave(call: () => unknown): unknown {
    const wasAtWork = this.#isAtWork;
    this.#isAtWork = false;
    try {
      return call();
    } finally {
      this.#isAtWork = wasAtWork;
    }
  }
}
