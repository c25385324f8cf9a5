import type { LiveSessions } from './live-sessions.js';

/** Makes every client of this node look for what it may have missed, each at a moment of its own within that time (CH-16). */
export function resync(sessions: LiveSessions, withinMs: number): void {
  const text = JSON.stringify({ event: 'resync', withinMs });
  for (const { wire } of sessions.all()) {
    try {
      wire.send(text);
    } catch {
      // Its buffer is full, so hints are being dropped there already and the transport has told it so (SN-23).
    }
  }
}
