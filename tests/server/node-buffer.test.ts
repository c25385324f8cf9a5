import type { WireSession } from '@everywire/server';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, HandClient, type Listening, listen } from './hand-client.js';

let server: Listening;
afterEach(() => server.end());

describe('the buffer of a node', () => {
  it('[SN-3] [SN-27.5] [SN-27.6] a node that holds too much ends its fullest session, and shared messages count once', async () => {
    const opened: WireSession[] = [];
    const ended: string[] = [];
    server = await listen({
      limits: { nodeBufferBytesMax: 400_000 },
      onSession: (session) => {
        opened.push(session);
        session.join('room');
        session.onClose = ({ code }) => ended.push(`${session.serial} ${code}`);
      },
    });
    const clients = [await HandClient.join(server.port), await HandClient.join(server.port)] as const;
    for (const client of clients) client.acknowledges = false;
    // Twice 200 kB wait, stored as 200 kB.
    for (let i = 0; i < 20; i++) server.wire.publish('room', String(i).padEnd(10_000, '.'));
    for (const client of clients) await eventually(() => client.got.length === 20);
    expect(ended).toEqual([]);
    for (let i = 0; i < 40; i++) {
      opened[1]?.send(String(i).padEnd(10_000, '-'));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await eventually(() => ended.length > 0);
    expect(ended).toEqual([`${opened[1]?.serial} overflow`]);
    expect(server.notices.map(({ code }) => code)).toEqual(['node_full']);
    expect(await clients[1].heard('closed')).toMatchObject({ code: 'overflow' });
    server.wire.publish('room', 'still here');
    await eventually(() => clients[0].got.at(-1) === 'still here');
  });
});
