/** The signals that ask the process to end. */
const signals = ['SIGTERM', 'SIGINT'] as const;

/** `npm start` passes on the signal that the terminal has sent to both: two within this time are one. */
const echoMs = 300;

/** Runs `stop` at the first signal and exits with its outcome: 0, or 1 when it failed. A second signal exits at once. */
export function stopOnSignal(stop: (signal: string) => Promise<void>, onFailure: (error: unknown) => void): void {
  let askedAt: number | null = null;
  const onSignal = (signal: string): void => {
    const now = performance.now();
    if (askedAt !== null && now - askedAt < echoMs) return;
    if (askedAt !== null) process.exit(1);
    askedAt = now;
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
