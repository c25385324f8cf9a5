import { type Check, check, over, wait } from '../check.js';
import { expectEqual } from '../mismatch.js';
import { duplexTransports } from '../test-link.js';
import { readUntil } from './encoding-checks.js';

/** `docs/spec/session.md`, SN-4: how a session ends. */
export const closeChecks: readonly Check[] = [
  check('[SN-4.6] closes cleanly when the client closes and both have acknowledged', async (x) => {
    const session = await x.open();
    await session.up(['one', 'two']);
    await readUntil(session, 'long-poll', 2);
    await session.untilAcknowledged(2);
    session.last = 2;
    const verdict = await session.up();
    const seen = [verdict['t'], verdict['clean'], verdict['code'], verdict['ack']];
    expectEqual('the verdict', seen, ['closed', true, 'closed', 2]);
  }),
  ...duplexTransports.map((transport) =>
    check(
      `[SN-4.6] delivers what it accepted before it closes by itself by ${transport}`,
      async (x) => {
        const { session, link } = await x.join(transport);
        session.send(link, 'fill 3 20', 'close');
        const answerTo = await link.next('ack');
        expectEqual('last', answerTo['last'], 3);
        await link.gets(3);
        expectEqual('lastSum', answerTo['lastSum'], session.sum);
        session.last = session.sent;
        session.acknowledge(link);
        const verdict = await link.next('closed');
        expectEqual('the verdict', [verdict['clean'], verdict['code'], verdict['ack']], [true, 'closed', 2]);
      },
      over(transport),
    ),
  ),
  check('[SN-4.7] gives its verdict to every carrier with that id or nonce', async (x) => {
    const { session, link } = await x.join();
    session.send(link, 'end tried');
    await link.next('closed');
    for (const transport of ['websocket', ...(x.target.tcp === undefined ? [] : ['tcp']), 'fetch-stream', 'long-poll'])
      expectEqual(transport, (await (await session.attach(transport)).next('closed'))['code'], 'tried');
    expectEqual('up', (await session.up())['code'], 'tried');
    expectEqual('open', (await x.answerTo('open', x.openRecord({ nonce: session.nonce })))['code'], 'tried');
  }),
  check(
    '[SN-4.7] keeps its verdict for a while, and forgets it',
    async (x) => {
      const { session, link } = await x.join();
      session.send(link, 'end tried');
      await link.next('closed');
      await wait(x.settings.tombstoneMs / 2);
      expectEqual('in time', (await session.up())['code'], 'tried');
      await wait(x.settings.tombstoneMs / 2 + 3_000);
      expectEqual('later', (await session.up())['code'], 'unknown');
    },
    { waitMs: (settings) => settings.tombstoneMs + 3_000 },
  ),
  check('[SN-4.14] ends with the code of a client that failed', async (x) => {
    const { session, link } = await x.join();
    const verdict = await x.answerTo('up', { t: 'fail', id: session.id, code: 'broken', ack: 0 });
    expectEqual('the answer', [verdict['t'], verdict['clean'], verdict['code']], ['closed', false, 'broken']);
    expectEqual('by the link', (await link.next('closed'))['code'], 'broken');
  }),
  check('[SN-4.4] ends with lost when a last changes, or is below what was received', async (x) => {
    const changing = await x.open();
    changing.last = 2;
    expectEqual('the first', (await changing.up())['t'], 'answer');
    changing.last = 3;
    expectEqual('the second', (await changing.up())['code'], 'lost');
    const low = await x.open();
    await low.up(['one']);
    low.last = 0;
    expectEqual('one below', (await low.up())['code'], 'lost');
  }),
  check('[SN-4.5] ends with lost when as many messages came as the client sent, but not those', async (x) => {
    const session = await x.open();
    await session.up(['one', 'two']);
    await session.untilAcknowledged(2);
    session.last = 2;
    session.sentSum += 1;
    const verdict = await session.up();
    expectEqual('the verdict', [verdict['t'], verdict['clean'], verdict['code']], ['closed', false, 'lost']);
  }),
  check(
    '[SN-4.12] gives up a close that is not answered',
    async (x) => {
      const { session, link } = await x.join();
      session.consumes = false;
      session.send(link, 'fill 3 20', 'close');
      await link.next('ack');
      await wait(x.settings.closeMs + 1_000);
      const verdict = await session.up();
      expectEqual('the verdict', [verdict['clean'], verdict['code']], [false, 'timeout']);
    },
    { waitMs: (settings) => settings.closeMs + 1_000 },
  ),
  check('[SN-8.4] says in a record with status 200 that a session has ended', async (x) => {
    const { session, link } = await x.join();
    session.send(link, 'end tried');
    await link.next('closed');
    const answer = await x.post('up', session.bodyRecord());
    expectEqual('status and name', [answer.status, (await answer.json())?.['t']], [200, 'closed']);
    expectEqual('a ticket', (await x.post('ticket', session.attachRecord())).status, 200);
  }),
  check(
    '[TR-9.2] opens nothing without a token that is good',
    async (x) => {
      const noUser = await x.answerTo('open', { t: 'open', version: 2, nonce: x.nonce() });
      expectEqual('without one', [noUser['t'], noUser['code']], ['refused', 'unauthorized']);
      const wrong = await x.answerTo('open', { t: 'open', version: 2, nonce: x.nonce(), token: 'wrong' });
      expectEqual('with a wrong one', [wrong['t'], wrong['code']], ['refused', 'unauthorized']);
      const link = await x.webSocket();
      link.record({ t: 'open', version: 2, nonce: x.nonce() });
      expectEqual('by WebSocket', (await link.next('refused'))['code'], 'unauthorized');
    },
    { needsToken: true },
  ),
  check(
    '[SN-36.3] [SN-36.4] gives noUser a session for its nonce, alive or while its token is checked',
    async (x) => {
      const record = x.openRecord();
      const { nonce } = record;
      const [opened, ...beside] = await Promise.all(
        [record, { ...record, token: 'wrong' }, { t: 'open', version: 2, nonce }].map((open) =>
          x.answerTo('open', open),
        ),
      );
      const refused = ['refused', 'unauthorized'];
      for (const answer of beside) expectEqual('beside it', [answer['t'], answer['code']], refused);
      const late = await x.answerTo('open', { ...record, token: 'wrong' });
      expectEqual('afterwards', [late['t'], late['code']], refused);
      expectEqual('its own client', (await x.answerTo('open', record))['id'], opened?.['id']);
    },
    { needsToken: true },
  ),
  check(
    '[TR-9.1] takes a token from an Authorization header',
    async (x) => {
      const headers = { Authorization: `Bearer ${x.target.token}` };
      const answer = await x.post('open', { t: 'open', version: 2, nonce: x.nonce() }, headers);
      expectEqual('the answer', (await answer.json())?.['t'], 'opened');
    },
    { needsToken: true },
  ),
];
