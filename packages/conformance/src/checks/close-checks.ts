import { type Check, check, over, wait } from '../check.js';
import { expectEqual } from '../mismatch.js';
import { duplexTransports } from '../test-link.js';
import { readUntil } from './encoding-checks.js';

/** Checks of SN-4 in `docs/spec/session.md`: how a session ends. */
export const closeChecks: readonly Check[] = [
  check('[SN-4.6] closes cleanly when the client closes and both ends have acknowledged everything', async (x) => {
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
      `[SN-4.6] delivers the messages it accepted before its own close over ${transport}`,
      async (x) => {
        const { session, link } = await x.join(transport);
        session.send(link, 'fill 3 20', 'close');
        const ack = await link.next('ack');
        expectEqual('last', ack['last'], 3);
        await link.gets(3);
        expectEqual('lastSum', ack['lastSum'], session.sum);
        session.last = session.sent;
        session.acknowledge(link);
        const verdict = await link.next('closed');
        expectEqual('the verdict', [verdict['clean'], verdict['code'], verdict['ack']], [true, 'closed', 2]);
      },
      over(transport),
    ),
  ),
  check('[SN-4.7] answers every carrier with the id or nonce of an ended session with its verdict', async (x) => {
    const { session, link } = await x.join();
    session.send(link, 'end tried');
    await link.next('closed');
    for (const transport of ['websocket', ...(x.target.tcp === undefined ? [] : ['tcp']), 'fetch-stream', 'long-poll'])
      expectEqual(transport, (await (await session.attach(transport)).next('closed'))['code'], 'tried');
    expectEqual('up', (await session.up())['code'], 'tried');
    expectEqual('open', (await x.answerTo('open', x.openRecord({ nonce: session.nonce })))['code'], 'tried');
  }),
  check(
    '[SN-4.7] keeps a verdict for its time, then discards it',
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
  check('[SN-4.14] ends a session with the code that a failing client reports', async (x) => {
    const { session, link } = await x.join();
    const verdict = await x.answerTo('up', { t: 'fail', id: session.id, code: 'broken', ack: 0 });
    expectEqual('the answer', [verdict['t'], verdict['clean'], verdict['code']], ['closed', false, 'broken']);
    expectEqual('the verdict on the link', (await link.next('closed'))['code'], 'broken');
  }),
  check('[SN-4.4] ends a session with `lost` when `last` changes or is below the received count', async (x) => {
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
  check('[SN-4.5] ends a session with `lost` when the message counts match but the checksums do not', async (x) => {
    const session = await x.open();
    await session.up(['one', 'two']);
    await session.untilAcknowledged(2);
    session.last = 2;
    session.sentSum += 1;
    const verdict = await session.up();
    expectEqual('the verdict', [verdict['t'], verdict['clean'], verdict['code']], ['closed', false, 'lost']);
  }),
  check(
    '[SN-4.12] times out a close that the client does not answer',
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
  check('[SN-8.4] reports an ended session in a record with status 200', async (x) => {
    const { session, link } = await x.join();
    session.send(link, 'end tried');
    await link.next('closed');
    const answer = await x.post('up', session.bodyRecord());
    expectEqual('status and name', [answer.status, (await answer.json())?.['t']], [200, 'closed']);
    expectEqual('a ticket', (await x.post('ticket', session.attachRecord())).status, 200);
  }),
  check(
    '[TR-9.2] opens no session without a valid token',
    async (x) => {
      const missing = await x.answerTo('open', { t: 'open', version: 2, nonce: x.nonce() });
      expectEqual('without a token', [missing['t'], missing['code']], ['refused', 'unauthorized']);
      const wrong = await x.answerTo('open', { t: 'open', version: 2, nonce: x.nonce(), token: 'wrong' });
      expectEqual('with a wrong token', [wrong['t'], wrong['code']], ['refused', 'unauthorized']);
      const link = await x.webSocket();
      link.record({ t: 'open', version: 2, nonce: x.nonce() });
      expectEqual('over a WebSocket', (await link.next('refused'))['code'], 'unauthorized');
    },
    { needsToken: true },
  ),
  check(
    '[SN-36.3] [SN-36.4] refuses a repeated nonce without a valid token, even during the first open',
    async (x) => {
      const record = x.openRecord();
      const { nonce } = record;
      const [opened, ...concurrent] = await Promise.all(
        [record, { ...record, token: 'wrong' }, { t: 'open', version: 2, nonce }].map((open) =>
          x.answerTo('open', open),
        ),
      );
      const refused = ['refused', 'unauthorized'];
      for (const answer of concurrent) expectEqual('the concurrent answer', [answer['t'], answer['code']], refused);
      const late = await x.answerTo('open', { ...record, token: 'wrong' });
      expectEqual('afterwards', [late['t'], late['code']], refused);
      expectEqual('its own client', (await x.answerTo('open', record))['id'], opened?.['id']);
    },
    { needsToken: true },
  ),
  check(
    '[TR-9.1] accepts a token in the Authorization header',
    async (x) => {
      const headers = { Authorization: `Bearer ${x.target.token}` };
      const answer = await x.post('open', { t: 'open', version: 2, nonce: x.nonce() }, headers);
      expectEqual('the answer', (await answer.json())?.['t'], 'opened');
    },
    { needsToken: true },
  ),
];
