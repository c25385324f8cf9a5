const WATCH_MS = 250;

/**
 * Ends the server when its parent `npx` ends. A signal to `npx` ends npm, and perhaps the shell below it, but is not
 * forwarded; otherwise the server would keep running with the port and the store.
 */
export function endWithNpx(): void {
  if (process.env['npm_lifecycle_event'] !== 'npx') return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, WATCH_MS);
  watch.unref();
}
