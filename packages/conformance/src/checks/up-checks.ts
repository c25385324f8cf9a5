import { type Check, check } from '../check.js';
import { expectEqual, expectThat } from '../mismatch.js';
import { readUntil } from './encoding-checks.js';

/** Counts that no correct client states. SN-5 requires the server to end such a session. */
const impossible: readonly (readonly [string, Readonly<Record<string, number>>])[] = [
  ['an ack above its received count', { ack: 2, received: 1, sum: 0 }],
  ['a received count above the number of messages written', { ack: 0, received: 9 }],
  ['a seen count above the number of acknowledged messages', { seen: 1 }],
  ['a checksum without messages', { sum: 1 }],
];

/** Checks of `docs/spec/session.md`: opening, posts, counts. */
export const upChecks: readonly Check[] = [
  check('[SN-14.1] opens one session per nonce', async (x) => {
    const record = x.openRecord();
    const [first, second] = [await x.answerTo('open', record), await x.answerTo('open', record)];
    expectEqual('the second id', second['id'], first['id']);
    expectThat(
      'another nonce',
      (await x.answerTo('open', x.openRecord()))['id'] !== first['id'],
      'another id',
      first['id'],
    );
  }),
  check('[SN-36.1] accepts any well-formed nonce of 16 to 256 units, and no other', async (x) => {
    const secret = x.nonce();
    for (const nonce of [secret.slice(0, 16), `\u20ac \ud83d\ude00\0${secret}`, secret.padEnd(256, 'x')]) {
      const [first, second] = [
        await x.answerTo('open', x.openRecord({ nonce })),
        await x.answerTo('open', x.openRecord({ nonce })),
      ];
      expectEqual('the second id', second['id'], first['id']);
    }
    for (const nonce of ['', secret.slice(0, 15), 'x'.repeat(257), `${secret}\ud83d`, 7, null])
      expectEqual('status', (await x.post('open', x.openRecord({ nonce }))).status, 400);
  }),
  check(
    '[SN-35.1] [SN-35.2] states in `sent` how many messages it wrote before the record, not after it',
    async (x) => {
      const session = await x.open();
      await session.up(['one']);
      const poll = await session.attach('long-poll');
      await poll.ends();
      expectEqual('messages of the poll', poll.messages, ['one']);
      expectEqual('sent in the record before them', poll.records('attached')[0]?.['sent'], 0);
      expectEqual('sent in the record after them', (await session.up())['sent'], 1);
    },
  ),
  check('[SN-14.5] holds the messages of an open until another carrier arrives', async (x) => {
    const session = await x.open({ first: 1, count: 2, m: ['early', 'echo'] });
    session.sent = 2;
    await readUntil(session, 'long-poll', 2);
    expectEqual('the echoed messages', session.got, ['early', 'echo']);
  }),
  check('[SN-14.4] refuses an open with more than 16 messages or 16 kB', async (x) => {
    const many = await x.post('open', x.openRecord({ first: 1, count: 17, m: Array.from({ length: 17 }, () => 'a') }));
    expectEqual('17 messages', many.status, 400);
    const long = await x.post('open', x.openRecord({ first: 1, count: 1, m: ['x'.repeat(16_385)] }));
    expectEqual('16,385 bytes', long.status, 400);
  }),
  check(
    '[SN-14.6] ends a session that its client did not confirm',
    async (x) => {
      const session = await x.open({ first: 1, count: 1, m: ['never delivered'] });
      await new Promise((resolve) => setTimeout(resolve, x.settings.unconfirmedMs + 1_000));
      const verdict = await x.answerTo('up', session.bodyRecord());
      expectEqual('the answer', [verdict['t'], verdict['code'], verdict['ack']], ['closed', 'unconfirmed', 0]);
    },
    { waitMs: (settings) => settings.unconfirmedMs + 1_000 },
  ),
  check('[SN-22.1] announces its limits', async (x) => {
    const { limits } = await x.open();
    const { messageBytesMax, batchMessagesMax, up, down, heartbeatMs } = limits;
    const numbers = [messageBytesMax, batchMessagesMax, up.messages, up.bytes, down.messages, down.bytes, heartbeatMs];
    expectThat(
      'the limits',
      numbers.every((one) => Number.isSafeInteger(one) && one > 0),
      'whole and positive',
      limits,
    );
    expectThat(
      'a window',
      up.bytes >= messageBytesMax && down.bytes >= messageBytesMax,
      'room for one message',
      limits,
    );
  }),
  check('[SN-7.4] [TR-10] answers a body that is new, repeated, overlapping, empty or beyond a gap', async (x) => {
    const session = await x.open();
    const post = async (first: number, ...m: string[]): Promise<unknown> => {
      const answer = await x.answerTo(
        'up',
        session.bodyRecord([], { first, count: m.length, ...(m.length > 0 ? { m } : {}) }),
      );
      return [answer['t'], answer['received']];
    };
    expectEqual('a new one', await post(1, 'a', 'b'), ['answer', 2]);
    expectEqual('a repeated one', await post(1, 'a', 'b'), ['answer', 2]);
    expectEqual('an overlapping one', await post(2, 'b', 'c'), ['answer', 3]);
    expectEqual('an empty one', await post(9), ['answer', 3]);
    await readUntil(session, 'long-poll', 3);
    expectEqual('the echoed messages', session.got, ['a', 'b', 'c']);
  }),
  check('[SN-45.2] [SN-45.3] [SN-45.4] reassembles a message that arrives in parts', async (x) => {
    const session = await x.open();
    const text = 'five 你好 😀';
    const content = Buffer.from(text);
    const postPart = async (at: number, end: number, more: object = {}): Promise<unknown> => {
      const part = content.subarray(at, end).toString('base64');
      const fields = { first: 1, part, at, of: content.length, as: 0, ...more };
      const answer = await x.answerTo('up', session.bodyRecord([], fields));
      return [answer['t'], answer['received'], answer['partial'] ?? 0];
    };
    expectEqual('the first part', await postPart(0, 6), ['answer', 0, 6]);
    expectEqual('a repeated one', await postPart(0, 6), ['answer', 0, 6]);
    expectEqual('one beyond a gap', await postPart(9, 12), ['answer', 0, 6]);
    expectEqual('one of another message', await postPart(0, 6, { first: 2 }), ['answer', 0, 6]);
    expectEqual('one that overlaps', await postPart(3, content.length), ['answer', 1, 0]);
    session.sent = 1;
    await readUntil(session, 'long-poll', 1);
    expectEqual('the echoed messages', session.got, [text]);
  }),
  check('[SN-45.9] refuses a part with inconsistent fields', async (x) => {
    const session = await x.open();
    const whole = { first: 1, part: 'YWJj', at: 0, of: 6, as: 0 };
    const { messageBytesMax } = session.limits;
    for (const wrong of [
      { at: 4 },
      { of: 2 },
      { as: 3 },
      { part: '' },
      { part: 'YW' },
      { first: 0 },
      { at: undefined },
      { part: undefined },
    ])
      expectEqual('status', (await x.post('up', session.bodyRecord([], { ...whole, ...wrong }))).status, 400);
    const long = await x.post('up', session.bodyRecord([], { ...whole, of: messageBytesMax + 1 }));
    expectEqual('status of one above the limit', long.status, 413);
  }),
  check('[SN-45.10] ends a session whose message changes between its parts', async (x) => {
    const session = await x.open();
    const whole = { first: 1, part: 'YWJj', at: 0, of: 6, as: 0 };
    await x.answerTo('up', session.bodyRecord([], whole));
    const verdict = await x.answerTo('up', session.bodyRecord([], { ...whole, at: 3, of: 9 }));
    expectEqual('the answer', [verdict['t'], verdict['code']], ['closed', 'lost']);
  }),
  check('[SN-2.3] accepts nothing from a body beyond a gap', async (x) => {
    const session = await x.open();
    const answer = await x.answerTo('up', session.bodyRecord([], { first: 2, count: 2, m: ['b', 'c'] }));
    expectEqual('the answer', [answer['t'], answer['received']], ['answer', 0]);
    await session.up(['a']);
    await readUntil(session, 'long-poll', 1);
    expectEqual('the echoed messages', session.got, ['a']);
  }),
  check('[SN-2.2] closes a two-way link that leaves a gap, and keeps the session', async (x) => {
    const { session, link } = await x.join();
    link.record({ t: 'from', first: 3 });
    link.message('beyond');
    expectEqual('close code', await link.closes(), 1002);
    expectEqual('received', (await session.up())['received'], 0);
  }),
  check('[SN-2.1] drops repeated messages on a two-way link', async (x) => {
    const { session, link } = await x.join();
    session.send(link, 'a', 'b');
    link.record({ t: 'from', first: 2 });
    link.message('b');
    session.send(link, 'c');
    expectEqual('the echoed messages', await link.gets(3), ['a', 'b', 'c']);
  }),
  check('[SN-2.8] closes a link on a message without a known number', async (x) => {
    const session = await x.open();
    const link = await session.attach('websocket');
    await link.next('attached');
    link.message('which number?');
    expectEqual('close code', await link.closes(), 1002);
    expectEqual('received', (await session.up())['received'], 0);
  }),
  check(
    '[SN-2.9] [SN-2.10] refuses an attach by POST up, a body by poll, and a second session on one link',
    async (x) => {
      const { session, link } = await x.join();
      expectEqual('a body by poll', (await x.post('long-poll', session.bodyRecord())).status, 400);
      expectEqual('an attach by up', (await x.post('up', { ...session.attachRecord(), n: 1 })).status, 400);
      link.record((await x.open()).attachRecord());
      expectEqual('close code', await link.closes(), 1002);
    },
  ),
  ...impossible.map(([what, counts]) =>
    check(`[SN-5.9] ends a session with lost if it states ${what}`, async (x) => {
      const session = await x.open();
      const record = session.bodyRecord([], { first: 1, count: 1, m: ['not taken'], ...counts });
      const verdict = await x.answerTo('up', record);
      expectEqual('the verdict', [verdict['t'], verdict['code']], ['closed', 'lost']);
      expectEqual('the messages accepted from the body', verdict['ack'], 0);
    }),
  ),
  check('[SN-5.12] ends a session with `lost` if its ping states a wrong number', async (x) => {
    const { session, link } = await x.join();
    link.record({ t: 'ping', at: 4, ...session.counts });
    expectEqual('the verdict', (await link.next('closed'))['code'], 'lost');
  }),
  check('[SN-5.6] states correct counts in every head and answer', async (x) => {
    const { session, link } = await x.join();
    const { sum: empty } = session;
    session.send(link, 'one', Uint8Array.of(1, 2, 3));
    await link.gets(2);
    link.record({ t: 'ping', at: 2, ...session.counts });
    const pong = await link.next('pong');
    const seen = ['at', 'ack', 'received', 'seen', 'sent', 'sum'].map((name) => pong[name]);
    // The messages are echoed, so both ends have received the same ones.
    expectEqual('at, ack, received, seen, sent, sum', seen, [2, 2, 2, 2, 2, session.sum]);
    expectEqual('sum of nothing', [empty, (await x.open()).sum], [0, 0]);
  }),
  check('[SN-6.1] acknowledges messages when the application has settled them, not on receipt', async (x) => {
    const session = await x.open();
    const answer = await session.up(['slow 700', 'afterwards']);
    expectEqual('received', answer['received'], 2);
    expectEqual('ack while the first is handled', answer['ack'], 0);
    await readUntil(session, 'long-poll', 3);
    expectEqual('in order', session.got, ['begun', 'done', 'afterwards']);
    await session.untilAcknowledged(2);
  }),
  check('[SN-6.2] acknowledges unprompted when a quarter of the window is consumed', async (x) => {
    const { session, link } = await x.join();
    // These messages get no reply, so that no message carries the acknowledgement.
    const quarter = Math.ceil(session.limits.up.messages / 4);
    session.send(link, ...Array.from({ length: quarter }, () => 'publish unwatched 1 5'));
    expectEqual('ack', (await link.next('ack'))['ack'], quarter);
  }),
  check('[SN-6.5] sends counts soon on the downstream link to a client that cannot read answers', async (x) => {
    const { session, link } = await x.join();
    session.sent = 1;
    const record = session.bodyRecord([], { first: 1, count: 1, m: ['publish unwatched 1 5'], blind: true });
    await x.answerTo('up', record);
    expectEqual('received', (await link.next('ack'))['received'], 1);
  }),
  check('[SN-22.3] ends a session with `hostile` if its client exceeds the window', async (x) => {
    const { session, link } = await x.join();
    session.send(link, 'slow 8000', ...Array.from({ length: session.limits.up.messages + 1 }, () => 'too much'));
    expectEqual('the verdict', (await link.next('closed'))['code'], 'hostile');
  }),
  check('[SN-22.2] writes no more unacknowledged messages than the window allows', async (x) => {
    const { session, link } = await x.join();
    session.consumes = false;
    const { messages } = session.limits.down;
    session.send(link, `fill ${messages + 50} 20`);
    await link.gets(messages);
    link.record({ t: 'ping', at: 1, ...session.counts });
    expectEqual('sent', (await link.next('pong'))['sent'], messages);
    expectEqual('messages', link.messages.length, messages);
    session.acknowledge(link);
    await link.gets(messages + 50);
  }),
  check('[SN-23.4] ends a session with `overflow` if a durable topic finds its buffer full', async (x) => {
    const { session, link } = await x.join();
    session.consumes = false;
    const topic = `t${x.nonce()}`;
    session.send(link, `join ${topic}`);
    await link.gets(1);
    const other = await x.open();
    await other.up([`publish ${topic} ${x.settings.bufferMessagesMax + 10} 20`]);
    expectEqual('the verdict', (await link.next('closed'))['code'], 'overflow');
    expectEqual('the session that published', (await other.up())['t'], 'answer');
  }),
  check('[SN-27.1] delivers publications in order across topics', async (x) => {
    const { session, link } = await x.join();
    const [one, two] = [`a${x.nonce()}`, `b${x.nonce()}`];
    session.send(link, `join ${one}`, `join ${two}`);
    const lines = Array.from({ length: 20 }, (_, at) => `publish ${at % 3 === 0 ? one : two} 1 ${10 + at}`);
    session.send(link, ...lines);
    const lengths = (await link.gets(22)).slice(2).map((content) => content.length);
    expectEqual(
      'lengths',
      lengths,
      lines.map((_, at) => 10 + at),
    );
  }),
];
