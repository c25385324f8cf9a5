import { expect, test } from 'vitest';
import type { CommandDependencies } from './command-dependencies.js';
import { LiveSessions } from './live-sessions.js';
import { PresenceTracker } from './presence-tracker.js';
import { runSessionCommand } from './run-session-command.js';

test('[CM-13.6] an answer includes users who came after its request, and follows the hints sent about them', async () => {
  const sessions = new LiveSessions(1);
  const wire = { serial: 1, claims: {}, join: () => undefined, leave: () => undefined };
  const session = sessions.add(wire as never, 1, 'sign-in');
  const presence = new PresenceTracker({ leaseMs: 90_000, leasesMax: 10 }, 'a');
  const store = { blockedBy: () => Promise.resolve(new Set()) };
  const dependencies = { store, sessions, presence } as unknown as CommandDependencies;
  const outcome = await runSessionCommand(session, { command: 'watchPresence', users: [7] }, dependencies);
  presence.renew(2, 7, 0);
  expect(JSON.parse(JSON.stringify(outcome))).toEqual({
    outcome: 'ok',
    body: { presence: [{ user: 7, state: 'online', lastSeenAt: null }] },
  });
});
