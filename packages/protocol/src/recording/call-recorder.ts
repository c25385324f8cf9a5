import type { RecordedEntry } from './recording.js';
import type { RecordingBuffer } from './recording-buffer.js';

/**
 * Records the calls into one session machine (an object that implements the protocol) and the calls that it makes, so that
 * the recording can be replayed. Ignores the machine's calls of its own methods. If the machine is called while it makes
 * a call, the callee has called it, so that call is recorded too.
 */
export class CallRecorder {
  readonly #recordingBuffer: RecordingBuffer;
  readonly #now: () => number;
  readonly #onRest: () => void;
  /** Number of inputs in progress. */
  #depth = 0;
  /** Whether the machine itself is running, rather than code that it called. */
  #isAtWork = false;
  #isOver = false;

  /** @param onRest called when the machine has finished an outermost input, even if that threw */
  constructor(recordingBuffer: RecordingBuffer, now: () => number, onRest: () => void) {
    this.#recordingBuffer = recordingBuffer;
    this.#now = now;
    this.#onRest = onRest;
  }

  /** Whether the machine itself is running, rather than code that it called. */
  get isAtWork(): boolean {
    return this.#isAtWork;
  }

  /** Whether the recording has ended. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Ends the recording. */
  stop(): void {
    this.#isOver = true;
  }

  /** Records a call into the machine and makes it. `describe` returns what is recorded of its arguments. */
  input(name: string, describe: () => RecordedEntry, call: () => unknown): unknown {
    if (this.#isOver) return call();
    const wasAtWork = this.#isAtWork;
    this.#guard(() => {
      // The machine runs, so this call comes from code that the machine calls without a recording: the registry, which was
      // asked for held-back messages, or a callback that waits for counts.
      if (wasAtWork) this.#recordingBuffer.add({ out: 'asked' });
      this.#recordingBuffer.add({
        in: name,
        ...(this.#depth > 0 && { depth: this.#depth }),
        at: this.#now(),
        ...describe(),
      });
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

  /** Records a call that the machine makes, then makes it. */
  output(describe: () => RecordedEntry, call: () => unknown): unknown {
    this.note(describe);
    return this.#leave(call);
  }

  /**
   * Makes a call for its result and records that afterwards, unless it is `undefined`. The callee must not call the
   * machine.
   */
  answer<T>(describe: (answered: T) => RecordedEntry, call: () => unknown): T {
    const answered = this.#leave(call) as T;
    if (answered !== undefined) this.note(() => describe(answered));
    return answered;
  }

  /** Records an action of the machine that is not a call. */
  note(describe: () => RecordedEntry): void {
    if (this.#isAtWork && !this.#isOver) this.#guard(() => this.#recordingBuffer.add(describe()));
  }

  /** Runs `keep`. A defect of the recorder ends the recording, because it must not change the session. */
  #guard(keep: () => void): void {
    try {
      keep();
    } catch {
      this.stop();
    }
  }

  /** Makes a call out of the machine, during which the machine counts as not running. */
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
