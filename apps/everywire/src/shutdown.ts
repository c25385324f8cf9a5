/** The signals that ask the process to end. The second one, of either kind, ends it at once. */
const signals = ['SIGTERM', 'SIGINT'] as const;

/** Runs `stop` at the first signal and exits with its outcome: 0, or 1 when it failed. */
export function stopOnSignal(stop: (signal: string) => Promise<void>, onFailure: (error: unknown) => void): void {
  let asked = false;
  for (const signal of signals) {
    process.on(signal, () => {
      if (asked) process.exit(1);
      asked = true;
      stop(signal).then(
        () => process.exit(0),
        (error: unknown) => {
          onFailure(error);
          process.exit(1);
        },
      );
    });
  }
}
