import { type Check, check } from '../check.js';
import { HttpAnswer, requestBytes } from '../http-exchange.js';
import { expectEqual, expectThat, expectTime } from '../mismatch.js';
import { TestLink } from '../test-link.js';

const contentTypes: Readonly<Record<string, string>> = {
  'event-stream': 'text/event-stream;charset=utf-8',
  'fetch-stream': 'application/octet-stream',
};
const streams = Object.keys(contentTypes);

/** Checks of `docs/spec/transports.md`: streams, polls and tickets. */
export const downChecks: readonly Check[] = [
  check('[TR-11.1] issues a ticket that opens one stream', async (x) => {
    const session = await x.open();
    await session.up(['for the stream']);
    const record = await x.answerTo('ticket', session.attachRecord());
    expectEqual('the record', record['t'], 'ticket');
    const answer = await x.request({ method: 'GET', name: `event-stream?ticket=${record['ticket']}` });
    expectEqual('status', answer.status, 200);
    const link = session.follow(new TestLink('event-stream', answer));
    expectEqual('first', (await link.next('attached'))['first'], 1);
    expectEqual('the message', await link.gets(1), ['for the stream']);
  }),
  check('[TR-11.4] [TR-11.5] issues the next ticket on each link that a ticket opened', async (x) => {
    const session = await x.open();
    const { ticket } = (await x.answerTo('ticket', session.attachRecord())) as { readonly ticket: string };
    const stream = session.follow(
      new TestLink('event-stream', await x.request({ method: 'GET', name: `event-stream?ticket=${ticket}` })),
    );
    await stream.next('attached');
    const { ticket: second } = await stream.next('ticket');
    await session.up(['by the stream']);
    await stream.gets(1);
    const query = Object.entries({ n: 2, ...session.counts }).map(([name, value]) => `${name}=${value}`);
    const name = `long-poll?ticket=${second}&${query.join('&')}`;
    const postOnceHeld = async (): Promise<void> => {
      await stream.next('superseded');
      await session.up(['by the poll']);
    };
    const [answer] = await Promise.all([x.request({ method: 'GET', name }), postOnceHeld()]);
    const poll = session.follow(new TestLink('long-poll', answer));
    expectEqual('the messages of the poll', await poll.gets(1), ['by the poll']);
    expectEqual('the number of tickets on the poll', poll.records('ticket').length, 1);
  }),
  check('[TR-14.3] answers a poll with an invalid ticket with a `refused` record', async (x) => {
    const answer = await x.request({ method: 'GET', name: 'long-poll?ticket=unknown' });
    const link = new TestLink('long-poll', answer);
    expectEqual('status and code', [answer.status, (await link.next('refused'))['code']], [200, 'ticket']);
  }),
  check('[SN-20.3] accepts a ticket once', async (x) => {
    const session = await x.open();
    const { ticket } = (await x.answerTo('ticket', session.attachRecord())) as { readonly ticket: string };
    const name = `event-stream?ticket=${ticket}`;
    expectEqual('the first time', (await x.request({ method: 'GET', name })).status, 200);
    expectEqual('the second time', (await x.request({ method: 'GET', name })).status, 204);
  }),
  check(
    '[SN-20.3] refuses an expired ticket',
    async (x) => {
      const session = await x.open();
      const { ticket } = (await x.answerTo('ticket', session.attachRecord())) as { readonly ticket: string };
      await new Promise((resolve) => setTimeout(resolve, x.settings.ticketMs + 500));
      expectEqual('status', (await x.request({ method: 'GET', name: `event-stream?ticket=${ticket}` })).status, 204);
    },
    { waitMs: (settings) => settings.ticketMs + 500 },
  ),
  check('[SN-20.2] refuses a session id in a URL', async (x) => {
    const session = await x.open();
    for (const query of [`id=${session.id}&n=1`, `ticket=${session.id}`])
      expectEqual(
        query.split('=')[0] ?? '',
        (await x.request({ method: 'GET', name: `event-stream?${query}` })).status,
        204,
      );
  }),
  check('[TR-12.3] answers 204 to an unknown ticket, which stops an EventSource', async (x) => {
    for (const name of ['event-stream', 'event-stream?ticket=', 'event-stream?ticket=unknown']) {
      const answer = await x.request({ method: 'GET', name });
      expectEqual(`status of ${name}`, answer.status, 204);
      expectEqual('its body', (await answer.whole()).length, 0);
    }
  }),
  ...streams.map((name) =>
    check(
      `${name === 'event-stream' ? '[TR-12.1]' : '[TR-13]'} starts a ${name} with attached, in its own encoding`,
      async (x) => {
        const session = await x.open();
        await session.up(['one', Uint8Array.of(0, 255)]);
        const link = await session.attach(name);
        expectEqual('content type', link.answer.headers.get('content-type'), contentTypes[name]);
        expectThat(
          'length',
          !link.answer.headers.has('content-length'),
          'none',
          link.answer.headers.get('content-length'),
        );
        await link.gets(2);
        expectEqual('the first item', link.items[0]?.kind, 'record');
        expectEqual('its name', link.records('attached').length, 1);
        await session.up(['later']);
        expectEqual('a later message', (await link.gets(3))[2], 'later');
        expectThat(
          'the items',
          link.items.every(({ kind }) => kind !== 'damaged'),
          'none damaged',
          link.items,
        );
      },
    ),
  ),
  check('[TR-14.1] [TR-14.2] answers a poll with one batch and its Content-Length', async (x) => {
    const session = await x.open();
    await session.up(['one', 'two']);
    const link = await session.attach('long-poll');
    const { answer } = link;
    expectEqual('content type', answer.headers.get('content-type'), 'text/plain;charset=utf-8');
    await link.ends();
    expectEqual('length', answer.headers.get('content-length'), String(answer.body.bytes.length));
    expectEqual('messages', await link.gets(2), ['one', 'two']);
    expectEqual('the first line', link.items[0], {
      kind: 'record',
      record: { t: 'attached', ...link.records('attached')[0] },
    });
  }),
  check('[TR-14.4] [TR-14.5] holds a poll until there is something to send', async (x) => {
    const session = await x.open();
    const connection = await x.connect();
    connection.write(requestBytes(x.target, { method: 'POST', name: 'long-poll', body: session.attachRecord() }));
    await session.up();
    expectEqual('the bytes before there was a message', connection.bytes.length, 0);
    await session.up(['now']);
    const link = session.follow(new TestLink('long-poll', await HttpAnswer.read(connection)));
    expectEqual('messages', await link.gets(1), ['now']);
  }),
  check('[TR-14.4] immediately answers a prompt poll, and one that carries messages', async (x) => {
    const session = await x.open();
    const prompt = await session.attach('long-poll', { prompt: true });
    await prompt.ends();
    expectEqual('a prompt one', prompt.records('attached').length, 1);
    const record = session.attachRecord({ first: 1, count: 1, m: ['up by a poll'] });
    session.sent = 1;
    const link = session.follow(new TestLink('long-poll', await x.post('long-poll', record)));
    await link.ends();
    expectEqual('received by the poll', link.records('attached')[0]?.['received'], 1);
  }),
  check(
    '[SN-15.7] answers a held poll after one heartbeat interval',
    async (x) => {
      const session = await x.open();
      const began = performance.now();
      const link = await session.attach('long-poll', { hidden: false });
      await link.ends();
      const took = performance.now() - began;
      expectTime(took, [session.limits.heartbeatMs * 0.9, session.limits.heartbeatMs * 1.5]);
      expectEqual('messages', link.messages.length, 0);
    },
    { waitMs: (settings) => settings.heartbeatMs },
  ),
];
