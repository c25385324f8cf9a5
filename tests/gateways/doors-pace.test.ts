import { once } from 'node:events';
import { get } from 'node:http';
import { budgetsOf } from '@everywire/server/internal';
import { describe, expect, it } from 'vitest';
import { eventually, unkept } from '../server/hand-client.js';
import { doors, openDoors } from './doors.js';

// Tests that each way into a server ends a client that reads too little, and only such a client.

const LONG = 'x'.repeat(64 << 10);
/** The kernel takes some MiB for a connection before the server notices that its client reads nothing. */
const PUBLISHED_MAX = 800;

describe.each(Object.keys(doors) as (keyof typeof doors)[])('at the door %s', (name) => {
  it('a client that stops to read is cut after its limit of waiting bytes, and others go on', async () => {
    const { server } = await openDoors(
      {
        authenticate: async ({ token = '' }) => ({ subject: token }),
        limits: { closeFrameMs: 100, lingerMs: 100 },
      },
      undefined,
      // One answer, because only an answer that the client does not read can hold bytes.
      { answerBytesMax: 1 << 30, disconnectMs: 100 },
    );
    const client = await doors[name](server, 'ann');
    const other = await doors.rawSocket(server, 'bob');
    await eventually(() => client.isIn && other.isIn);
    client.isStalled = true;
    const isCut = (): boolean => budgetsOf(server.wire).rawLinks === 1 && budgetsOf(server.wire).sessions === 0;
    let published = 0;
    while (!isCut() && published < PUBLISHED_MAX) {
      server.wire.publish('news', LONG);
      published += 1;
      await eventually(() => other.got.length === published);
    }
    await eventually(isCut);
    // The connections of answered polls stay open for the next ones.
    if (name !== 'socketIoPolling') await eventually(() => budgetsOf(server.wire).connections === 1);
    server.wire.publish('news', 'more');
    await eventually(() => other.got.at(-1) === 'more');
  });

  it('a client that reads everything gets 1 MiB in messages of 64 KiB', async () => {
    const { server } = await openDoors({ authenticate: async () => ({ subject: 'ann' }) });
    const client = await doors[name](server, 'ann');
    await eventually(() => client.isIn);
    for (let count = 1; count <= 16; count++) {
      server.wire.publish('news', LONG);
      await eventually(() => client.got.length === count || client.isOut);
    }
    expect([client.got.length, client.isOut]).toEqual([16, false]);
  });
});

it('[TR-21.2] a client of Socket.IO that does not read the answer to a poll is cut', async () => {
  const { server } = await openDoors({ limits: { rawWaitingBytesMax: 64 << 20, lingerMs: 100 } });
  const base = `http://127.0.0.1:${server.port}/socket.io/?EIO=4&transport=polling`;
  const { sid } = JSON.parse((await (await fetch(base, { headers: unkept })).text()).slice(1)) as {
    readonly sid: string;
  };
  await fetch(`${base}&sid=${sid}`, { method: 'POST', body: '40', headers: unkept });
  await (await fetch(`${base}&sid=${sid}`, { headers: unkept })).text();
  for (let count = 0; count < 400; count++) server.wire.publish('news', LONG);
  const poll = get(`${base}&sid=${sid}`, { agent: false });
  await once(poll, 'response');
  await eventually(() => budgetsOf(server.wire).connections === 0);
  poll.destroy();
});
