import { type Check, check } from '../check.js';
import { expectEqual, expectThat } from '../mismatch.js';
import { readUntil } from './encoding-checks.js';

/** Counts no honest client states, each against the rule that a session of another history is ended (SN-5). */
const impossible: readonly (readonly [string, Readonly<Record<string, number>>])[] = [
  ['ack above received', { ack: 2, received: 1, sum: 0 }],
  ['received above what was written', { ack: 0, received: 9 }],
  ['seen above what was acknowledged', { seen: 1 }],
  ['a checksum of nothing', { sum: 1 }],
];

/** `docs/spec/session.md`: opening, posts, counts. */
export const upChecks: readonly Check[] = [
  check('[SN-14.1] gives one session to one nonce', async (x) => {
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
  check('[SN-36.1] takes a nonce of any form from 16 to 256 units, and no other', async (x) => {
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
  check('[SN-35.1] [SN-35.2] counts in `sent` what it wrote before a record, and not what follows', async (x) => {
    const session = await x.open();
    await session.up(['one']);
    const poll = await session.attach('long-poll');
    await poll.ends();
    expectEqual('messages of the poll', poll.messages, ['one']);
    expectEqual('sent in front of them', poll.records('attached')[0]?.['sent'], 0);
    expectEqual('sent behind them', (await session.up())['sent'], 1);
  }),
  check('[SN-14.5] holds the messages of an open until another carrier comes', async (x) => {
    const session = await x.open({ first: 1, count: 2, m: ['early', 'echo'] });
    session.sent = 2;
    await readUntil(session, 'long-poll', 2);
    expectEqual('what came back', session.got, ['early', 'echo']);
  }),
  check('[SN-14.4] takes no more than 16 messages, or 16 kB, with an open', async (x) => {
    const many = await x.post('open', x.openRecord({ first: 1, count: 17, m: Array.from({ length: 17 }, () => 'a') }));
    expectEqual('17 messages', many.status, 400);
    const long = await x.post('open', x.openRecord({ first: 1, count: 1, m: ['x'.repeat(16_385)] }));
    expectEqual('16,385 bytes', long.status, 400);
  }),
  check(
    '[SN-14.6] ends a session that noUser confirmed',
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
    const say = async (first: number, ...m: string[]): Promise<unknown> => {
      const answer = await x.answerTo(
        'up',
        session.bodyRecord([], { first, count: m.length, ...(m.length > 0 ? { m } : {}) }),
      );
      return [answer['t'], answer['received']];
    };
    expectEqual('a new one', await say(1, 'a', 'b'), ['answer', 2]);
    expectEqual('a repeated one', await say(1, 'a', 'b'), ['answer', 2]);
    expectEqual('an overlapping one', await say(2, 'b', 'c'), ['answer', 3]);
    expectEqual('an empty one', await say(9), ['answer', 3]);
    await readUntil(session, 'long-poll', 3);
    expectEqual('what came back', session.got, ['a', 'b', 'c']);
  }),
  check('[SN-45.2] [SN-45.3] [SN-45.4] puts a message together that comes in parts', async (x) => {
    const session = await x.open();
    const text = 'five 你好 😀';
    const content = Buffer.from(text);
    const say = async (at: number, end: number, more: object = {}): Promise<unknown> => {
      const part = content.subarray(at, end).toString('base64');
      const fields = { first: 1, part, at, of: content.length, as: 0, ...more };
      const answer = await x.answerTo('up', session.bodyRecord([], fields));
      return [answer['t'], answer['received'], answer['partial'] ?? 0];
    };
    expectEqual('the first part', await say(0, 6), ['answer', 0, 6]);
    expectEqual('a repeated one', await say(0, 6), ['answer', 0, 6]);
    expectEqual('one beyond a gap', await say(9, 12), ['answer', 0, 6]);
    expectEqual('one of another message', await say(0, 6, { first: 2 }), ['answer', 0, 6]);
    expectEqual('one that overlaps', await say(3, content.length), ['answer', 1, 0]);
    session.sent = 1;
    await readUntil(session, 'long-poll', 1);
    expectEqual('what came back', session.got, [text]);
  }),
  check('[SN-45.9] refuses a part whose fields do not fit each other', async (x) => {
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
  check('[SN-45.10] ends a session in which a message changes between its parts', async (x) => {
    const session = await x.open();
    const whole = { first: 1, part: 'YWJj', at: 0, of: 6, as: 0 };
    await x.answerTo('up', session.bodyRecord([], whole));
    const verdict = await x.answerTo('up', session.bodyRecord([], { ...whole, at: 3, of: 9 }));
    expectEqual('the answer', [verdict['t'], verdict['code']], ['closed', 'lost']);
  }),
  check('[SN-2.3] takes nothing of a body beyond a gap', async (x) => {
    const session = await x.open();
    const answer = await x.answerTo('up', session.bodyRecord([], { first: 2, count: 2, m: ['b', 'c'] }));
    expectEqual('the answer', [answer['t'], answer['received']], ['answer', 0]);
    await session.up(['a']);
    await readUntil(session, 'long-poll', 1);
    expectEqual('what came back', session.got, ['a']);
  }),
  check('[SN-2.2] ends a two-way link that leaves a gap, and keeps the session', async (x) => {
    const { session, link } = await x.join();
    link.record({ t: 'from', first: 3 });
    link.message('beyond');
    expectEqual('close code', await link.closes(), 1002);
    expectEqual('received', (await session.up())['received'], 0);
  }),
  check('[SN-2.1] drops on a two-way link what it has already', async (x) => {
    const { session, link } = await x.join();
    session.send(link, 'a', 'b');
    link.record({ t: 'from', first: 2 });
    link.message('b');
    session.send(link, 'c');
    expectEqual('what came back', await link.gets(3), ['a', 'b', 'c']);
  }),
  check('[SN-2.8] ends a link with a message whose number is not known', async (x) => {
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
    check(`[SN-5.9] ends with lost a session that states ${what}`, async (x) => {
      const session = await x.open();
      const record = session.bodyRecord([], { first: 1, count: 1, m: ['not taken'], ...counts });
      const verdict = await x.answerTo('up', record);
      expectEqual('the verdict', [verdict['t'], verdict['code']], ['closed', 'lost']);
      expectEqual('what it took of the body', verdict['ack'], 0);
    }),
  ),
  check('[SN-5.12] ends with lost a session whose ping is at another number', async (x) => {
    const { session, link } = await x.join();
    link.record({ t: 'ping', at: 4, ...session.counts });
    expectEqual('the verdict', (await link.next('closed'))['code'], 'lost');
  }),
  check('[SN-5.6] carries true counts in every head and answer', async (x) => {
    const { session, link } = await x.join();
    const { sum: empty } = session;
    session.send(link, 'one', Uint8Array.of(1, 2, 3));
    await link.gets(2);
    link.record({ t: 'ping', at: 2, ...session.counts });
    const pong = await link.next('pong');
    const seen = ['at', 'ack', 'received', 'seen', 'sent', 'sum'].map((name) => pong[name]);
    // What came back is what was sent, so both ends have taken the same.
    expectEqual('at, ack, received, seen, sent, sum', seen, [2, 2, 2, 2, 2, session.sum]);
    expectEqual('sum of nothing', [empty, (await x.open()).sum], [0, 0]);
  }),
  check('[SN-6.1] acknowledges what its application has settled, not what it has received', async (x) => {
    const session = await x.open();
    const answer = await session.up(['slow 700', 'behind it']);
    expectEqual('received', answer['received'], 2);
    expectEqual('ack while the first is handled', answer['ack'], 0);
    await readUntil(session, 'long-poll', 3);
    expectEqual('in order', session.got, ['begun', 'done', 'behind it']);
    await session.untilAcknowledged(2);
  }),
  check('[SN-6.2] acknowledges by itself when a quarter of the window is consumed', async (x) => {
    const { session, link } = await x.join();
    // What is sent is not answered, so that no message carries the acknowledgement.
    const quarter = Math.ceil(session.limits.up.messages / 4);
    session.send(link, ...Array.from({ length: quarter }, () => 'publish noUser 1 5'));
    expectEqual('ack', (await link.next('ack'))['ack'], quarter);
  }),
  check('[SN-6.5] tells a client that cannot read answers by its down link, soon', async (x) => {
    const { session, link } = await x.join();
    session.sent = 1;
    const record = session.bodyRecord([], { first: 1, count: 1, m: ['publish noUser 1 5'], blind: true });
    await x.answerTo('up', record);
    expectEqual('received', (await link.next('ack'))['received'], 1);
  }),
  check('[SN-22.3] ends with hostile a session that is sent more than its window', async (x) => {
    const { session, link } = await x.join();
    session.send(link, 'slow 8000', ...Array.from({ length: session.limits.up.messages + 1 }, () => 'too much'));
    expectEqual('the verdict', (await link.next('closed'))['code'], 'hostile');
  }),
  check('[SN-22.2] writes no more than its window beyond what is acknowledged', async (x) => {
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
  check('[SN-23.4] ends with overflow a session whose durable topic finds its buffer full', async (x) => {
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
  check('[SN-27.1] delivers in the order of the publishes, over all topics', async (x) => {
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
