import type { LiveLink } from '../gathering/link-host.js';
import { createDeadline, type TimerWheel } from '../timer-wheel.js';
import type { SessionTable } from './session-table.js';

/** Tracks the HTTP servers to which a wire server is attached, and its links, and closes them. */
export class Lifecycle {
  closing = false;
  readonly #table: SessionTable;
  readonly #wheel: TimerWheel;
  readonly #links: Set<LiveLink> = new Set();
  readonly #giveBack: (() => void)[] = [];
  #closed: Promise<void> | null = null;
  /** Whether the time for closing is over. New links are then refused and not waited for. */
  #isOver = false;
  #onOver: (() => void) | null = null;

  constructor(table: SessionTable, wheel: TimerWheel) {
    this.#table = table;
    this.#wheel = wheel;
  }

  get linkCount(): number {
    return this.#links.size;
  }

  onAttached(giveBack: () => void): void {
    this.#giveBack.push(giveBack);
  }

  onLink(link: LiveLink): void {
    if (!this.#isOver) this.#links.add(link);
  }

  onLinkGone(link: LiveLink): void {
    this.#links.delete(link);
    this.#check();
  }

  close(deadlineMs: number): Promise<void> {
    this.#closed ??= this.#close(deadlineMs);
    return this.#closed;
  }

  /**
   * Closes cleanly within the deadline. POST requests are still accepted during this time, because they contain
   * acknowledgements that the closing sessions wait for.
   */
  async #close(deadlineMs: number): Promise<void> {
    this.closing = true;
    this.#table.shutDown();
    for (const link of [...this.#links]) link.leave();
    const deadline = createDeadline(() => {
      this.#isOver = true;
      this.#table.failAll('shutdown');
      for (const link of [...this.#links]) link.destroy();
      this.#check();
    });
    this.#wheel.schedule(deadline, deadlineMs);
    await new Promise<void>((resolve) => {
      this.#onOver = resolve;
      this.#check();
    });
    // Ends the remaining sessions, which have no link and whose clients are not expected.
    this.#table.failAll('shutdown');
    for (const giveBack of this.#giveBack) giveBack();
    this.#wheel.stop();
  }

  /** Ends the wait when no link is left and, before the deadline, no client between two polls is expected. */
  #check(): void {
    if (this.#onOver === null || this.#links.size > 0) return;
    if (this.#isOver || !this.#table.isVerdictAwaited()) this.#onOver();
  }
}
