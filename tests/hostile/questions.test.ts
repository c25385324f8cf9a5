// @module-tag wide
import { createWireClient } from '@everywire/client';
import { afterAll, describe, expect } from 'vitest';
import { TestSession } from '../chat-server/test-session.js';
import { endStarted, startRow } from './start-row.js';
import type { StartTarget } from './start-target.js';

/** The maximum number of sessions of one person. */
const SESSIONS = 50;

/** Opens a session of the user with this token. */
async function open(target: StartTarget, token: string): Promise<TestSession> {
  const session = new TestSession(
    createWireClient(`${target.url}/everywire`, { transports: ['websocket'], token: () => token }),
  );
  await session.opened;
  return session;
}

afterAll(endStarted);

describe('a person who has written many long messages', () => {
  startRow(
    '[P26] a person who queries many long messages by fifty sessions without pause stalls no one',
    500,
    async (target, times) => {
      const { token } = await target.register();
      const writer = await open(target, token);
      const { conversation } = await writer.ok({ command: 'createNotes' });
      // A control character takes six bytes in an answer, the maximum per character.
      for (let sent = 0; sent < 100; sent += 1)
        await writer.ok({
          command: 'send',
          conversation,
          text: sent % 2 === 0 ? 'a'.repeat(16_384) : '\u0001a'.repeat(8_192),
        });
      const sessions = await Promise.all(Array.from({ length: SESSIONS - 1 }, () => open(target, token)));
      let asked = 0;
      const ask = async (session: TestSession): Promise<void> => {
        while (asked < times) {
          asked += 1;
          const page = await session.ok({
            command: 'page',
            conversation,
            anchor: { at: 'end' },
            limit: 100,
            check: null,
          });
          expect(page).toMatchObject({ outcome: 'page' });
        }
      };
      await Promise.all([...sessions, writer].map(ask));
      for (const session of [...sessions, writer]) session.wire.close();
    },
  );
});
