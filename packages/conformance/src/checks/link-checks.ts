import { type Check, check, over, wait } from '../check.js';
import type { HandSession } from '../hand-session.js';
import type { Content } from '../item.js';
import { expectEqual, expectThat, expectTime } from '../mismatch.js';
import { duplexTransports } from '../test-link.js';
import { readUntil } from './encoding-checks.js';

const held = [...duplexTransports, 'event-stream', 'fetch-stream'];
const transports = [...held, 'long-poll'];

function numbered(count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => `message ${at + 1}`);
}

/** Posts the texts in order, `size` of them in each body. */
async function postInParts(session: HandSession, texts: readonly string[], size: number): Promise<void> {
  for (let at = 0; at < texts.length; at += size) await session.up(texts.slice(at, at + size));
}

/** Checks of `docs/spec/session.md`: links that open, end and replace each other. */
export const linkChecks: readonly Check[] = [
  ...transports.map((transport) =>
    check(
      `[SN-1] delivers each message once and in order over ${transport}`,
      async (x) => {
        const session = await x.open();
        const texts = numbered(60);
        await Promise.all([readUntil(session, transport, texts.length), postInParts(session, texts, 7)]);
        expectEqual('the echoed messages', session.got, texts);
      },
      over(transport),
    ),
  ),
  ...held.map((transport) =>
    check(
      `[SN-1] resumes without loss or repetition after a ${transport} was cut`,
      async (x) => {
        const session = await x.open();
        const texts = numbered(40);
        const seen: Content[][] = [];
        for (let at = 0; at < texts.length; at += 10) {
          const link = await session.attach(transport);
          await session.up(texts.slice(at, at + 10));
          await link.gets(5);
          link.connection.cut();
          seen.push([...link.messages]);
        }
        await readUntil(session, 'long-poll', texts.length);
        expectEqual('the echoed messages', session.got, texts);
        expectThat(
          'messages received',
          seen.every((part) => part.length >= 5),
          'at least five on each link',
          seen,
        );
      },
      over(transport),
    ),
  ),
  check('[SN-9.2] ends an attach with a lower number with `superseded`', async (x) => {
    const session = await x.open();
    await session.attach('websocket', { n: 5 });
    const link = await session.attach('websocket', { n: 4 });
    const record = await link.next('superseded', 'attached');
    expectEqual('the answer', [record['t'], record['n'], record['same']], ['superseded', 5, true]);
    expectEqual('close code', await link.closes(), 1000);
    expectEqual('attached', link.records('attached').length, 0);
  }),
  check('[SN-9.5] [SN-9.6] ends an attach with an equal number from another instance only', async (x) => {
    const session = await x.open();
    const first = await session.attach('websocket', { n: 3 });
    await first.next('attached');
    const stranger = await session.attach('websocket', { n: 3, instance: session.instance + 1 });
    const record = await stranger.next('superseded', 'attached');
    expectEqual('the answer', [record['t'], record['n'], record['same']], ['superseded', 3, false]);
    const again = await session.attach('websocket', { n: 3 });
    await again.next('attached');
  }),
  ...held.map((transport) =>
    check(
      `[SN-9.2] notifies a ${transport} of a higher attach`,
      async (x) => {
        const session = await x.open();
        const link = await session.attach(transport);
        await link.next('attached');
        const other = await session.attach('websocket', { instance: session.instance + 1 });
        await other.next('attached');
        const record = await link.next('superseded');
        expectEqual('n and same', [record['n'], record['same']], [2, false]);
        if (!link.duplex) await link.ends();
      },
      over(transport),
    ),
  ),
  check('[SN-10.1] echoes a probe unchanged, before any attach', async (x) => {
    const link = await x.webSocket();
    const pad = 'p'.repeat(2_048);
    link.record({ t: 'probe', pad });
    expectEqual('pad', (await link.next('probe'))['pad'], pad);
  }),
  check('[SN-10.6] [SN-10.7] writes only to the new link, and continues to read the old one', async (x) => {
    const { session, link: old } = await x.join();
    session.send(old, 'before');
    await old.gets(1);
    const fresh = await session.attach('websocket');
    await fresh.next('attached');
    await old.next('superseded');
    session.send(old, 'by the old link');
    expectEqual('on the new link', await fresh.gets(1), ['by the old link']);
    expectEqual('on the old link', old.messages, ['before']);
  }),
  check('[SN-10.6] starts a new link after the last received message', async (x) => {
    const { session, link } = await x.join();
    session.consumes = false;
    session.send(link, 'one', 'two', 'three');
    await link.gets(3);
    const fresh = await session.attach('fetch-stream');
    expectEqual('first', (await fresh.next('attached'))['first'], 4);
    await session.up(['four']);
    expectEqual('the messages on the new link', await fresh.gets(1), ['four']);
  }),
  check('[SN-10.6] starts a new link with the first message that was not received', async (x) => {
    const { session, link } = await x.join();
    session.send(link, 'one', 'two', 'three');
    await link.gets(3);
    const { received, sum, acknowledged } = session;
    session.received = session.acknowledged = session.sum = 0;
    const fresh = await session.attach('fetch-stream');
    [session.received, session.sum, session.acknowledged] = [received, sum, acknowledged];
    expectEqual('first', (await fresh.next('attached'))['first'], 1);
    expectEqual('the messages on the new link', await fresh.gets(3), ['one', 'two', 'three']);
  }),
  check(
    '[SN-10.7] closes an old link that its client leaves open',
    async (x) => {
      const { session, link } = await x.join();
      const fresh = await session.attach('websocket');
      await fresh.next('attached');
      const began = performance.now();
      expectEqual('close code', await link.closes(), 1000);
      const took = Math.round(performance.now() - began);
      expectThat('the time', took <= x.settings.supersededMs + 3_000, `about ${x.settings.supersededMs} ms`, took);
    },
    { waitMs: (settings) => settings.supersededMs },
  ),
  check('[SN-11] switches between links during traffic without loss', async (x) => {
    const session = await x.open();
    const texts = numbered(80);
    const offered = transports.filter((transport) => transport !== 'tcp' || x.target.tcp !== undefined);
    const read = async (): Promise<void> => {
      for (let round = 0; session.got.length < texts.length; round += 1) {
        const goal = Math.min(texts.length, session.got.length + 8);
        const link = await session.attach(offered[round % offered.length] as string);
        await link.connection.until('messages', () => link.ended || session.got.length >= goal);
      }
    };
    await Promise.all([read(), postInParts(session, texts, 5)]);
    expectEqual('the echoed messages', session.got, texts);
  }),
  check('[SN-19.2] ignores an unknown record', async (x) => {
    const { session, link } = await x.join();
    link.record({ t: 'of a later version', any: ['thing'] });
    session.send(link, 'alive');
    expectEqual('the echoed messages', await link.gets(1), ['alive']);
  }),
  ...held.map((transport) =>
    check(
      `[SN-15.1] pings a ${transport} once per heartbeat interval`,
      async (x) => {
        const session = await x.open();
        const link = await session.attach(transport, { hidden: false });
        const began = performance.now();
        const ping = await link.next('ping');
        const took = performance.now() - began;
        expectEqual('at', ping['at'], 0);
        // After one and a half intervals a client considers the link dead.
        expectTime(took, [session.limits.heartbeatMs * 0.8, session.limits.heartbeatMs * 1.5]);
        await link.next('ping');
      },
      { ...over(transport), waitMs: (settings) => 2 * settings.heartbeatMs },
    ),
  ),
  ...held.map((transport) =>
    check(
      `[SN-15.5] ends a ${transport} that is silent for one and a half heartbeat intervals`,
      async (x) => {
        const session = await x.open();
        session.answers = false;
        const link = await session.attach(transport, { hidden: false });
        const began = performance.now();
        await link.ends();
        const took = performance.now() - began;
        expectTime(took, [session.limits.heartbeatMs * 1.4, session.limits.heartbeatMs * 2]);
        if (link.duplex) expectEqual('close code', link.closeCode, 1001);
        expectEqual('the session', (await session.up())['t'], 'answer');
      },
      { ...over(transport), waitMs: (settings) => 1.5 * settings.heartbeatMs },
    ),
  ),
  check(
    '[SN-15.21] keeps a session without a link for its lifetime, then ends it',
    async (x) => {
      const { session, link } = await x.join('websocket', { hidden: false });
      link.connection.cut();
      const lifeMs = Math.max(x.settings.lifeMs, 3 * session.limits.heartbeatMs);
      await wait(lifeMs * 0.6);
      expectEqual('the answer in time', (await session.up())['t'], 'answer');
      await wait(lifeMs + 1_000);
      expectEqual('the answer too late', (await session.up())['code'], 'expired');
    },
    { waitMs: (settings) => 1.6 * Math.max(settings.lifeMs, 3 * settings.heartbeatMs) + 1_000 },
  ),
];
