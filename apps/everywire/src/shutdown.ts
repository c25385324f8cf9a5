/**
 * The signals that end the process; SIGHUP means that its terminal was closed. `nohup` does not work for Node processes
 * anyway, because Node resets ignored signals at its start.
 */
const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/**
 * Signals within this time count as one, ms. `npm start` forwards the signal that the terminal has sent to both
 * processes. A closed terminal also ends npm, which `endWithNpx` and `scripts/start.mjs` notice 250 ms later and answer
 * with another signal.
 */
const ECHO_MS = 1_000;

/** Interprets repeated signals. Times are monotonic, ms. */
export class StopRequests {
  #askedAt: number | null = null;

  next(now: number): 'stop' | 'echo' | 'exit' {
    if (this.#askedAt === null) {
      this.#askedAt = now;
      return 'stop';
    }
    return now - this.#askedAt < ECHO_MS ? 'echo' : 'exit';
  }
}

/**
 * Runs `stop` at the first signal and exits with its outcome: 0, or 1 when it failed. A second signal exits at once.
 */
export function stopOnSignal(stop: (signal: string) => Promise<void>, onFailure: (error: unknown) => void): void {
  const requests = new StopRequests();
  const onSignal = (signal: string): void => {
    const meaning = requests.next(performance.now());
    if (meaning === 'exit') process.exit(1);
    if (meaning === 'echo') return;
    stop(signal).then(
      () => process.exit(0),
      (error: unknown) => {
        onFailure(error);
        process.exit(1);
      },
    );
  };
  for (const signal of signals) process.on(signal, onSignal);
}
