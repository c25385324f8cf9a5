import type { LiveSessions } from './live-sessions.js';

/** Makes every client of this node resync, each at a random moment within the given milliseconds (CH-16). */
export function resync(sessions: LiveSessions, withinMs: number): void {
  const text = JSON.stringify({ event: 'resync', withinMs });
  for (const { wire } of sessions.all()) {
    try {
      wire.send(text);
    } catch {
      // A full buffer already drops hints, and the transport has notified the client (SN-23).
    }
  }
}
