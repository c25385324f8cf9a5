import { describe, expect, it } from 'vitest';
import { sessionLimits } from '../limits.js';
import type { ClientLink } from './client-link.js';
import { type Carrier, ClientBench, duplex, poll, type ServerRecordInput, stream } from './test-kit/client-bench.js';
import { counts, sumOf } from './test-kit/server-bench.js';

// Tests that a client session ignores answers that a faulty proxy mixed up: each is valid, but for another client, or for
// another request of this client. A client recognizes its answers by their echo fields, such as `instance` and `n` (SN-41).
// `ClientBench` is one client session with a manual clock; the test plays the server and the network.

/** The answer to the held poll: the session is attached and there is no message. */
const attached: ServerRecordInput = { t: 'attached', first: 1, ...counts() };
/** The answer to a body: the server has received and acknowledged these messages. */
const answer = (texts: readonly string[], echo = {}): ServerRecordInput => ({
  t: 'answer',
  ...counts({ received: texts.length, ack: texts.length, sum: sumOf(...texts) }),
  ...echo,
});

/** A session with one held poll, that is, a poll that the server has not answered yet. */
function parked(): { readonly bench: ClientBench; readonly held: Carrier } {
  const bench = ClientBench.attached(poll);
  return { bench, held: bench.last };
}

/** Expects that the session is unharmed: it delivers nothing, ends that carrier, and polls again successfully. */
function expectUnharmed(bench: ClientBench, held: Carrier): void {
  expect(bench.delivered).toEqual([]);
  expect([bench.verdict, held.ending]).toEqual([undefined, 'gap']);
  bench.pass(2_000);
  expect(bench.last).not.toBe(held);
  bench.record(bench.last, attached);
  bench.message(bench.last, 'its own');
  expect(bench.delivered).toEqual(['its own']);
}

describe('the answer to another client', () => {
  it.each([
    ['with the same number', { instance: 2 }],
    ['with another number', { n: 7, instance: 2 }],
    ['with another number but the same instance', { n: 7 }],
  ])(
    '[SN-41.3] an answer to another client %s is not taken for a poll’s, and none of its messages is delivered',
    (_name, echo) => {
      const { bench, held } = parked();
      bench.record(held, { ...attached, ...echo });
      bench.message(held, 'pay 900 to bob');
      bench.ended(held, true);
      expectUnharmed(bench, held);
    },
  );

  it.each([poll, stream, duplex])(
    '[SN-41.3] an answer to another client is not taken for the head of a first $name',
    (transport) => {
      const bench = new ClientBench(transport);
      bench.session.start(0);
      if (transport === duplex) bench.opened(bench.last);
      bench.record(bench.last, { t: 'opened', id: 'id 1', received: 0, limits: sessionLimits });
      const held = bench.last;
      bench.record(held, { ...attached, instance: 2 });
      expectUnharmed(bench, held);
    },
  );

  it.each([
    ['the verdict', { t: 'closed', clean: true, code: 'closed', ack: 0, instance: 2 }],
    ['a refusal', { t: 'refused', code: 'unknown', instance: 2 }],
    ['a verdict without addressee', { t: 'closed', clean: true, code: 'closed', ack: 0, instance: undefined }],
    ['a refusal without addressee', { t: 'refused', code: 'unknown', instance: undefined }],
    ['the end of an older tab', { t: 'superseded', n: 9, same: false, instance: 2 }],
  ] as const)(
    '[SN-41.3] [SN-41.5] a record for another client is not taken for %s of this session',
    (_name, record) => {
      const { bench, held } = parked();
      bench.record(held, record as ServerRecordInput);
      bench.ended(held, true);
      expectUnharmed(bench, held);
    },
  );

  it('[SN-41.3] an `opened` for another client does not give this client its session', () => {
    const bench = new ClientBench(poll);
    bench.session.start(0);
    const held = bench.last;
    bench.record(held, { t: 'opened', id: 'of another', nonce: 'another', received: 0, limits: sessionLimits });
    bench.ended(held, true);
    expect([bench.session.id, held.ending]).toEqual([null, 'gap']);
    bench.pass(2_000);
    expect(bench.last.head).toMatchObject({ t: 'open', nonce: 'nonce 1' });
    bench.record(bench.last, { t: 'opened', id: 'id 1', received: 0, limits: sessionLimits });
    expect(bench.last.head).toMatchObject({ t: 'attach', id: 'id 1' });
  });
});

describe('the answer to another body', () => {
  it.each([
    ['of another client', { instance: 2 }],
    ['of this client', { n: 8 }],
  ])(
    '[SN-7.5] [SN-7.6] an answer to another body, %s, is not used: the body is repeated with the next number',
    (_name, echo) => {
      const { bench } = parked();
      bench.send('a');
      const body = bench.last;
      expect(body.head).toMatchObject({ t: 'body', n: 1, instance: 1 });
      bench.record(body, answer(['b'], echo));
      bench.ended(body, true);
      expect([bench.verdict, bench.session.flow.acked]).toEqual([undefined, 0]);
      bench.pass(150);
      const again = bench.carriers.slice(bench.carriers.indexOf(body) + 1).find(({ texts }) => texts.includes('a'));
      expect(again).toMatchObject({ head: { t: 'body', n: 2, instance: 1, first: 1 }, texts: ['a'] });
      bench.record(again as Carrier, answer(['a']));
      expect(bench.session.flow.acked).toBe(1);
    },
  );
});

describe('a server of another version', () => {
  const opened = { t: 'opened', id: 'id 1', received: 0, limits: sessionLimits } as const;

  it.each([
    ['an earlier version, which repeats nothing', { nonce: undefined, version: undefined }],
    ['a later version', { version: 3 }],
  ])('[SN-42.4] a server of another version ends the session with `wire_version`: %s', (_name, fields) => {
    const bench = new ClientBench(poll);
    bench.session.start(0);
    bench.record(bench.last, { ...opened, ...fields } as ServerRecordInput);
    expect(bench.verdict).toMatchObject({ clean: false, code: 'wire_version' });
    expect(bench.carriers).toHaveLength(1);
  });

  it('[SN-42.4] a server of another version may also answer with `refused`', () => {
    const bench = new ClientBench(poll);
    bench.session.start(0);
    bench.record(bench.last, { t: 'refused', code: 'wire_version' });
    expect(bench.verdict).toMatchObject({ clean: false, code: 'wire_version' });
  });
});

it('[SN-41.4] the answer to a body does not count for a poll with the same number and does not stop the polls', () => {
  const { bench, held } = parked();
  const { n } = held.link as ClientLink;
  bench.record(held, { t: 'answer', ...counts(), n });
  bench.ended(held, true);
  expectUnharmed(bench, held);
});

it('[SN-41.7] the link that opened the session may be attached as number 1, whatever number it has sent since', () => {
  const bench = new ClientBench();
  bench.session.start(0);
  bench.opened(bench.last, false);
  bench.record(bench.last, { t: 'opened', id: 'id 1', received: 0, limits: sessionLimits });
  bench.record(bench.last, { ...attached, n: 1 });
  expect([bench.last.ending, bench.session.manager.links.attached]).toEqual([null, true]);
  bench.record(bench.last, { ...attached, n: 9 });
  expect(bench.last.ending).toBe('gap');
});

it('[SN-41.8] records without an addressee are accepted if they do not end the session', () => {
  const bench = ClientBench.attached();
  const { last } = bench;
  const records: readonly ServerRecordInput[] = [
    { t: 'ack', ...counts() },
    { t: 'ping', at: 0, ...counts() },
    { t: 'auth' },
    { t: 'reset', topic: 'news', no: 1 },
    { t: 'probe', pad: '.' },
  ];
  for (const record of records) bench.record(last, record);
  expect([last.ending, bench.verdict]).toEqual([null, undefined]);
  expect(bench.events).toEqual(['attached websocket', 'renew', 'reset news']);
  expect(last.written).toMatchObject([{ t: 'pong', at: 0 }]);
});
