import { describe, expect, it } from 'vitest';
import { type Carrier, ClientBench, duplex, poll, shortPoll } from './test-kit/client-bench.js';
import { counts, sumOf } from './test-kit/server-bench.js';

// Tests short polls: polls that the server answers immediately instead of holding them until there is a message.
// `ClientBench` is one client session with a manual clock; the test plays the server and the network.

/** Returns the times at which polls were sent during the next `ms` milliseconds. Each is answered immediately, without a message. */
function pollTimes(bench: ClientBench, ms: number): number[] {
  const at: number[] = [];
  let answered: Carrier | undefined = bench.last;
  for (const until = bench.now + ms; bench.now < until; ) {
    bench.pass(10);
    if (bench.last === answered || bench.last.link.kind !== 'poll') continue;
    answered = bench.last;
    at.push(bench.now);
    answer(bench);
  }
  return at;
}

/** Answers the latest poll with these messages. */
function answer(bench: ClientBench, ...texts: readonly string[]): void {
  const { last, session } = bench;
  bench.record(last, { t: 'attached', first: session.flow.received + 1, ...counts() });
  for (const text of texts) bench.message(last, text);
  bench.ended(last, true);
}

/** A session attached by short polls, whose first poll is answered. */
function polling(): ClientBench {
  const bench = ClientBench.attached(shortPoll);
  bench.events.length = 0;
  return bench;
}

describe('polls that are not held', () => {
  it('[SN-34.2] [SN-34.3] [SN-34.4] idle short polls come every 2 s, sooner at first, and state their pause', () => {
    const bench = polling();
    const from = bench.now;
    expect(pollTimes(bench, 10_000).map((at) => Math.round((at - from) / 100))).toEqual([5, 15, 35, 55, 75, 95]);
    expect(bench.last.head).toMatchObject({ t: 'attach', every: 2_000, prompt: true });
    expect(bench.session.manager.links.attached).toBe(true);
    expect(bench.events.filter((event) => /lost|failed/.test(event))).toEqual([]);
  });

  it('[SN-34.2] a short poll follows after 500 ms if the last one brought a message', () => {
    const bench = polling();
    pollTimes(bench, 8_000);
    const from = bench.now;
    bench.pass(2_000);
    answer(bench, 'a');
    expect(bench.delivered).toEqual(['a']);
    const next = pollTimes(bench, 3_000);
    expect(next[1]! - next[0]!).toBeGreaterThan(900);
    expect(next[0]! - from).toBeLessThan(2_600);
  });

  it('[SN-34.5] a sent message brings the next short poll forward, which carries it', () => {
    const bench = polling();
    pollTimes(bench, 8_000);
    const polls = bench.carriers.length;
    bench.pass(700);
    bench.send('a');
    const [next, ...others] = bench.carriers.slice(polls);
    expect(next).toMatchObject({ link: { kind: 'poll' }, texts: ['a'] });
    expect(others).toEqual([]);
  });

  it('[SN-34.6] an answer to a body that states waiting messages brings the next short poll forward', () => {
    const bench = polling();
    // A poll left 200 ms ago, so the message is sent in a body.
    pollTimes(bench, 7_700);
    bench.send('a');
    const body = bench.last;
    expect(body.link.kind).toBe('post');
    bench.pass(10);
    bench.record(body, { t: 'answer', ...counts({ received: 1, sent: 1, sum: sumOf('a') }) });
    bench.pass(500);
    expect(bench.last.link.kind).toBe('poll');
  });

  it('[SN-34.8] a short poll that came too soon is repeated without a failure of its transport', () => {
    const bench = polling();
    bench.pass(600);
    const early = bench.last;
    bench.record(early, { t: 'wait', ms: 200 });
    bench.ended(early, true);
    expect(bench.last).toBe(early);
    bench.pass(200);
    expect(bench.last).not.toBe(early);
    expect(bench.last.head).toMatchObject({ t: 'attach', n: 3 });
    expect([bench.session.manager.links.attached, bench.events]).toEqual([true, []]);
  });

  it('[SN-34.8] the messages of a short poll that came too soon are sent in a body', () => {
    const bench = new ClientBench(shortPoll);
    bench.session.start(0);
    bench.record(bench.last, { t: 'opened', id: 'id 1', received: 0, limits: bench.session.flow.limits });
    bench.send('a');
    bench.ended(bench.last, false);
    bench.pass(2_000);
    const pollWithMessage = bench.carriers.find(({ link, texts }) => link.kind === 'poll' && texts.length > 0);
    if (pollWithMessage) bench.record(pollWithMessage, { t: 'wait', ms: 100 });
    expect(bench.carriers.some(({ link, texts }) => link.kind === 'post' && texts.includes('a'))).toBe(true);
  });

  it('[SN-10.5] another transport is tried during a poll pause, and its failure has no effect', () => {
    const bench = polling();
    bench.session.switchTo(duplex, bench.now);
    const attempt = bench.last;
    expect(attempt.link.kind).toBe('duplex');
    bench.opened(attempt);
    expect(attempt.written).toMatchObject([{ t: 'probe' }]);
    bench.ended(attempt, false);
    expect([bench.session.manager.links.attached, bench.events]).toEqual([true, ['failed websocket']]);
    expect(pollTimes(bench, 600)).toHaveLength(1);
  });

  it('[SN-11] a session that switches in a poll pause sends no further poll', () => {
    const bench = polling();
    bench.session.switchTo(poll, bench.now);
    const next = bench.last;
    expect(next.head).toMatchObject({ t: 'attach', prompt: true });
    bench.record(next, { t: 'attached', first: 1, ...counts() });
    bench.ended(next, true);
    expect(bench.session.manager.links.current?.transport).toBe(poll);
    bench.pass(5_000);
    expect(bench.carriers.filter(({ link }) => link.transport === shortPoll)).toHaveLength(1);
  });

  it('[SN-15.17] waking polls immediately', () => {
    const bench = polling();
    pollTimes(bench, 8_000);
    const before = bench.last;
    bench.session.wake(bench.now);
    expect(bench.last).not.toBe(before);
    expect(bench.last.link.transport).toBe(shortPoll);
  });
});
