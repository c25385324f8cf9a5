/**
 * The signals that ask the process to end; SIGHUP tells that its terminal is closed. `nohup` keeps no Node process alive, with or without this: Node
 * takes back at its start that the signal is ignored.
 */
const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/**
 * Two within this time are one. `npm start` passes on the signal that the terminal has sent to both of them, and a closed terminal ends npm as well,
 * which `endWithNpx` and `scripts/start.mjs` notice 250 ms later and answer with a signal of their own.
 */
const echoMs = 1_000;

/** What each further signal means. Time is in milliseconds, monotonic. */
export class StopRequests {
  #askedAt: number | null = null;

  next(now: number): 'stop' | 'echo' | 'exit' {
    if (this.#askedAt === null) {
      this.#askedAt = now;
      return 'stop';
    }
    return now - this.#askedAt < echoMs ? 'echo' : 'exit';
  }
}

/** Runs `stop` at the first signal and exits with its outcome: 0, or 1 when it failed. A second signal exits at once. */
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
