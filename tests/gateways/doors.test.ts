import type { Claims, ServerLimits, WireServerOptions } from '@everywire/server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../server/hand-client.js';
import { doors, openDoors } from './doors.js';

// Tests that each way into a server (a door) has the same checks: sessions, raw links, and clients of both gateways.

type Name = keyof typeof doors;
const all = Object.keys(doors) as Name[];
const speaking = all.filter((name) => name !== 'rawStream');
const ofLinks = all.filter((name) => name !== 'session');
/** The doors at which the application decides again after `authenticate`: `onRawLink`, or a middleware. */
const askingTwice: readonly Name[] = ['rawSocket', 'rawStream', 'socketIoSocket', 'socketIoPolling'];

const FIRST = '192.0.2.1';
const SECOND = '192.0.2.2';
type Asked = Parameters<NonNullable<WireServerOptions['authenticate']>>[0];
const authenticate = async ({ token = '' }: Asked): Promise<Claims> => ({ subject: token });

/** A promise that the test resolves. */
function createHold(): {
  readonly held: Promise<void>;
  readonly begun: () => number;
  hold(): Promise<void>;
  release(): void;
} {
  let count = 0;
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const hold = (): Promise<void> => {
    count += 1;
    return held;
  };
  return { held, begun: () => count, hold, release: () => release() };
}

/** Opens a server at which three clients of the first address wait for `authenticate`, until the test ends. */
async function withStrangers(name: Name, limits: Partial<ServerLimits>) {
  let waiting = 0;
  const answer = createHold();
  const { server } = await openDoors({
    limits,
    authenticate: (asked) => {
      if (asked.token !== 'stranger') return authenticate(asked);
      waiting += 1;
      return answer.hold().then(() => null);
    },
  });
  onTestFinished(answer.release);
  const strangers = await Promise.all([1, 2, 3].map(() => doors[name](server, 'stranger', FIRST)));
  await eventually(() => waiting === 3);
  return { server, strangers };
}

describe.each(ofLinks)('at the door %s', (name) => {
  it('one address cannot take all places of `rawLinksMax`, and a client that leaves gives its place back', async () => {
    const { server, strangers } = await withStrangers(name, { rawLinksMax: 4 });
    const refused = await doors[name](server, 'stranger', FIRST);
    await eventually(() => refused.isOut);
    // An `EventSource` would never retry after a status.
    expect(refused.status).toBe(name === 'rawStream' ? 0 : 429);
    const honest = await doors[name](server, 'ann', SECOND);
    await eventually(() => honest.isIn);
    honest.leave();
    strangers[0]?.leave();
    await expect
      .poll(async () => {
        const next = await doors[name](server, 'bob', FIRST);
        await eventually(() => next.isIn || next.isOut);
        return next.isIn;
      })
      .toBe(true);
  });
});

describe.each(all)('at the door %s', (name) => {
  it('one address cannot take all places of `authenticationsMax`', async () => {
    const { server } = await withStrangers(name, { authenticationsMax: 4 });
    const refused = await doors[name](server, 'stranger', FIRST);
    await eventually(() => refused.isOut);
    const honest = await doors[name](server, 'ann', SECOND);
    await eventually(() => honest.isIn);
  });

  it('a failed `authenticate` gives its place back', async () => {
    const failing = (asked: Asked): Promise<Claims> =>
      asked.token === 'bad' ? Promise.reject(new Error('fails')) : authenticate(asked);
    const { server } = await openDoors({ authenticate: failing, limits: { authenticationsMax: 2 } });
    for (let round = 0; round < 3; round++) {
      const refused = await doors[name](server, 'bad');
      await eventually(() => refused.isOut);
    }
    const honest = await doors[name](server, 'ann');
    await eventually(() => honest.isIn);
  });

  it('[SN-21.9] a client that is revoked during `authenticate` does not enter', async () => {
    const call = createHold();
    const { server } = await openDoors({ authenticate: () => call.hold().then(() => ({ subject: 'ann' })) });
    const client = await doors[name](server, 'ann');
    await eventually(() => call.begun() === 1);
    server.wire.revoke(({ subject }) => subject === 'ann');
    call.release();
    await eventually(() => client.isOut);
    server.wire.publish('news', 'secret');
    expect([client.isIn, client.got]).toEqual([false, []]);
  });

  it('[SN-21.9] a client that is revoked hears nothing more', async () => {
    const { server } = await openDoors({ authenticate });
    const client = await doors[name](server, 'ann');
    await eventually(() => client.isIn);
    server.wire.publish('news', 'before');
    await eventually(() => client.got.length > 0);
    expect(server.wire.revoke(({ subject }) => subject === 'ann')).toBe(1);
    server.wire.publish('news', 'secret');
    await eventually(() => client.isOut);
    expect(client.got).toEqual(['before']);
  });

  it('[SN-21.6] [SN-21.8] a client whose claims expire neither hears nor says anything more, and does not return with them', async () => {
    const expiresAt = Date.now() + 400;
    const claims = async (): Promise<Claims> => ({ subject: 'ann', expiresAt });
    const { server, handled } = await openDoors({ authenticate: claims, limits: { suspendedMs: 200 } });
    const client = await doors[name](server, 'ann');
    await eventually(() => client.isIn);
    server.wire.publish('news', 'before');
    await eventually(() => client.got.length > 0);
    // More than a tick of the server's timers later.
    await eventually(() => Date.now() > expiresAt + 50);
    server.wire.publish('news', 'secret');
    await client.send?.('late');
    await eventually(() => client.isOut);
    const again = await doors[name](server, 'ann');
    await eventually(() => again.isIn || again.isOut);
    expect([client.got, handled, again.isIn]).toEqual([['before'], [], false]);
  });
});

describe.each(askingTwice)('at the door %s', (name) => {
  it('[SN-21.9] a client that is revoked while the application decides does not enter', async () => {
    const decision = createHold();
    const { server } = await openDoors({ authenticate }, decision.hold);
    const client = await doors[name](server, 'ann');
    await eventually(() => decision.begun() === 1);
    server.wire.revoke(({ subject }) => subject === 'ann');
    decision.release();
    await eventually(() => client.isOut);
    server.wire.publish('news', 'secret');
    expect([client.isIn, client.got]).toEqual([false, []]);
  });

  it('a client whose claims expire while the application decides does not enter', async () => {
    const decision = createHold();
    const expiresAt = Date.now() + 100;
    const { server } = await openDoors({ authenticate: async () => ({ subject: 'ann', expiresAt }) }, decision.hold);
    const client = await doors[name](server, 'ann');
    await eventually(() => decision.begun() === 1 && Date.now() > expiresAt);
    decision.release();
    await eventually(() => client.isOut);
    expect(client.isIn).toBe(false);
  });
});

describe.each(speaking)('at the door %s', (name) => {
  it('[FR-11] a message of more bytes than `messageBytesMax`, and fewer characters, is not handled', async () => {
    const { server, handled } = await openDoors({ authenticate, limits: { messageBytesMax: 200 } });
    const longest = '\u4e16'.repeat(60);
    for (const text of ['\u4e16'.repeat(80), longest]) {
      const client = await doors[name](server, 'ann');
      await eventually(() => client.isIn);
      await client.send?.(text);
      await eventually(() => client.isOut || handled.length > 0 || name === 'sockJsHttp');
    }
    await expect.poll(() => handled).toEqual([longest]);
  });

  it('[SN-32.1] the policy decides on each message with the claims of its sender', async () => {
    const { server, handled } = await openDoors({
      authenticate,
      policy: ({ claims }, action) =>
        action.kind !== 'message' || !String(action.data).includes(`bad of ${claims.subject}`) || 'no',
    });
    const client = await doors[name](server, 'ann');
    await eventually(() => client.isIn);
    for (const text of ['1', 'bad of ann', '2']) await client.send?.(text);
    await expect.poll(() => handled).toEqual(['1', '2']);
  });

  it('[SN-21.9] a message whose sender is revoked while the policy decides is not handled', async () => {
    const decision = createHold();
    const { server, handled } = await openDoors({
      authenticate,
      policy: async ({ claims }, { kind }) => {
        if (kind === 'message' && claims.subject === 'ann') await decision.hold();
        return true as const;
      },
    });
    const client = await doors[name](server, 'ann');
    await eventually(() => client.isIn);
    void client.send?.('late');
    await eventually(() => decision.begun() === 1);
    server.wire.revoke(({ subject }) => subject === 'ann');
    decision.release();
    const honest = await doors[name](server, 'bob');
    await eventually(() => honest.isIn);
    await honest.send?.('of another');
    await expect.poll(() => handled).toEqual(['of another']);
  });
});
