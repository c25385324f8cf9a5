import type { Claims } from '@everywire/server';
import { describe, expect, it } from 'vitest';
import { eventually, type Listening } from '../server/hand-client.js';
import { openDoors } from './doors.js';
import { type ReturningClient, returningDoors } from './returning-doors.js';

// Tests that a client whose access has ended gains nothing from what it has kept: an id, or an address with a ticket.

type Name = keyof typeof returningDoors;

/** A server with one client, which has received one message. */
async function withClient(name: Name, claims: Claims): Promise<{ server: Listening; client: ReturningClient }> {
  const { server } = await openDoors({ authenticate: async () => claims, limits: { suspendedMs: 100 } });
  const client = await returningDoors[name](server, 'ann');
  server.wire.publish('news', 'first');
  await eventually(() => client.got.includes('first'));
  return { server, client };
}

/** Lets the client return, and checks that it hears nothing. */
async function expectShutOut(name: Name, { server, client }: Awaited<ReturnType<typeof withClient>>): Promise<void> {
  server.wire.publish('news', 'secret');
  await client.comeBack();
  await eventually(() => client.last().isIn || client.last().isOut);
  // A client of Socket.IO starts again, because `authenticate` admits it.
  expect(client.last().isIn && client.last().isOut === false).toBe(name === 'socketIoRecovery');
  if (name === 'rawStreamByTicket') expect(client.last().status).toBe(401);
  expect(client.got.filter((text) => text !== 'last')).toEqual(['first']);
}

describe.each(Object.keys(returningDoors) as Name[])('at the door %s', (name) => {
  it('[SN-21.9] a client that is revoked while connected hears nothing when it returns', async () => {
    const both = await withClient(name, { subject: 'ann' });
    expect(both.server.wire.revoke(() => true)).toBe(1);
    await expectShutOut(name, both);
  });

  it('[SN-21.9] a client that is revoked while away hears nothing of what waited, and nothing later', async () => {
    const both = await withClient(name, { subject: 'ann' });
    await both.client.goAway();
    both.server.wire.publish('news', 'waiting');
    both.server.wire.revoke(() => true);
    await expectShutOut(name, both);
  });
});

describe.each(['session', 'rawStreamByTicket', 'sockJsPolling', 'socketIoPolling'] as const)(
  'at the door %s',
  (name) => {
    it('[SN-21.6] a client whose claims expire while away hears nothing of what waited, and nothing later', async () => {
      const expiresAt = Date.now() + 400;
      const both = await withClient(name, { subject: 'ann', expiresAt });
      await both.client.goAway();
      both.server.wire.publish('news', 'waiting');
      await eventually(() => Date.now() > expiresAt + 200);
      await expectShutOut(name, both);
    });
  },
);
