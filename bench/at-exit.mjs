/**
 * Work that remains when a bench ends early: children to kill, files to remove. Runs also when the bench is
 * interrupted.
 */
const pending = new Set();

/** Registers `undo`, which must be synchronous. Returns a function that cancels it. */
export function atExit(undo) {
  pending.add(undo);
  return () => pending.delete(undo);
}

/** Kills the child when this process ends first, and returns the child. */
export function killAtExit(child) {
  child.once(
    'exit',
    atExit(() => child.kill('SIGKILL')),
  );
  return child;
}

process.on('exit', () => {
  for (const undo of pending) undo();
});
for (const [signal, number] of Object.entries({ SIGHUP: 1, SIGINT: 2, SIGTERM: 15 }))
  process.once(signal, () => process.exit(128 + number));
