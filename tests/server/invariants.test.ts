import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createWireClient, type WireClient } from '@everywire/client';
import { messageFromText, type ServerSession } from '@everywire/protocol/internal';
import { createWireServer, type WireServer, type WireSession } from '@everywire/server';
import { afterEach, expect, it } from 'vitest';

// An invariant is a condition that must always hold inside a session. If it does not, only that session may end.

/** Functions that stop what a test has started. */
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** Starts an echo server. A notice of a broken invariant fails no test here. */
async function start(): Promise<{ wire: WireServer; notices: { code: string; text: string }[]; url: string }> {
  const notices: { code: string; text: string }[] = [];
  const wire = createWireServer({
    onNotice: (notice) => void notices.push(notice),
    onSession: (session) => {
      session.onMessage = (data) => void session.send(data);
    },
  });
  const http = createServer();
  wire.attach(http);
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  ends.push(async () => {
    await wire.close({ deadlineMs: 1 });
    http.closeAllConnections();
    http.close();
  });
  return { wire, notices, url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/everywire` };
}

/** Connects a client by one transport; records its messages and its end. */
async function connect(url: string, transport: 'websocket' | 'long-poll') {
  const client: WireClient = createWireClient(url, { transports: [transport] });
  const arrivals: unknown[] = [];
  client.addEventListener('message', (event) => arrivals.push((event as MessageEvent).data));
  const closed = once(client, 'close').then(() => {
    const { status } = client;
    return status.state === 'closed' ? status.verdict.code : status.state;
  });
  ends.push(async () => client.close());
  await once(client, 'open');
  return { client, arrivals, closed };
}

/** Returns the internal session object, in which a test breaks an invariant. */
const machineOf = (session: WireSession | undefined): ServerSession =>
  (session as unknown as { readonly machine: ServerSession }).machine;

it.each(['websocket', 'long-poll'] as const)(
  '[SN-44.1] [SN-44.2] a session over %s with a broken invariant ends with internal, and another continues to talk',
  async (transport) => {
    const { wire, notices, url } = await start();
    const broken = await connect(url, transport);
    const other = await connect(url, 'websocket');
    const [first, second] = wire.sessions();
    machineOf(first).consumed(messageFromText('never received'));
    expect(await broken.closed).toBe('internal');
    expect(notices).toEqual([
      {
        code: 'invariant_broken',
        text: `Session ${first?.serial} was ended with internal: it does not hold that settled <= received.`,
      },
    ]);
    expect(wire.counters()).toEqual({ invariant_broken: 1 });
    other.client.send('still there');
    await expect.poll(() => other.arrivals, { timeout: 10_000 }).toEqual(['still there']);
    expect(wire.sessions()).toEqual([second]);
  },
);

it('[SN-44.1] a publication still reaches the other members when one session breaks an invariant', async () => {
  const { wire, notices, url } = await start();
  const broken = await connect(url, 'websocket');
  const other = await connect(url, 'websocket');
  for (const session of wire.sessions()) session.join('room');
  machineOf(wire.sessions()[0]).flow.outgoing.acceptRun = () => {
    // The part itself would find it like this.
    machineOf(wire.sessions()[0]).flow.outgoing.wrote(99);
    return true;
  };
  wire.publish('room', 'for all');
  await expect.poll(() => other.arrivals, { timeout: 10_000 }).toEqual(['for all']);
  expect([await broken.closed, notices.map(({ text }) => text)]).toEqual([
    'internal',
    [expect.stringContaining('written <= allowed')],
  ]);
});
