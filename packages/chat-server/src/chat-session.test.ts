import type { UserId } from '@everywire/chat';
import type { WireSession } from '@everywire/server';
import { expect, test } from 'vitest';
import { BrokenInvariants } from './broken-invariants.js';
import { ChatSession, type ChatSessionOptions } from './chat-session.js';
import { defaultLimits } from './limits.js';
import { LiveSessions } from './live-sessions.js';
import { silentLog } from './logger.js';
import { UserRateLimit } from './user-rate-limit.js';

test('[CM-6] a session that sends requests without reading its answers ends with overflow', async () => {
  const ends: string[] = [];
  const wire = {
    serial: 1,
    claims: {},
    join: () => undefined,
    send: () => {
      throw new Error('buffer_full');
    },
    end: (code: string) => ends.push(code),
  } as unknown as WireSession;
  const dependencies = {
    sessions: new LiveSessions(1),
    store: { largeConversations: async () => [] },
    wallNow: () => 0,
  } as unknown as ChatSessionOptions['dependencies'];
  new ChatSession(wire, {
    user: 1 as UserId,
    credential: 'c',
    guest: false,
    transport: '',
    dependencies,
    limits: defaultLimits,
    largeMembers: { learn: () => undefined } as unknown as ChatSessionOptions['largeMembers'],
    pace: new UserRateLimit(defaultLimits),
    log: silentLog,
    broken: new BrokenInvariants(silentLog),
  });
  await wire.onMessage?.('not a command');
  expect(ends).toEqual(['overflow']);
});
