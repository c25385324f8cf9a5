import type { LiveSessions } from './live-sessions.js';

/** Asks every client of this node to load its state again, each at a random moment within the given milliseconds (CH-16). */
export function resync(sessions: LiveSessions, withinMs: number): void {
  const text = JSON.stringify({ event: 'resync', withinMs });
  for (const { wire } of sessions.all()) {
    try {
      wire.send(text);
    } catch {
      // The buffer is full. The transport has then dropped hints before, and notifies the client itself (SN-23).
    }
  }
}
