import { describe, expect, it } from 'vitest';
import { blindPoll, blindStream, ClientBench, duplex } from './test-kit/client-bench.js';
import { counts, sumOf } from './test-kit/server-bench.js';

// Tests blind transports, whose client cannot read the answer to a body (a POST with messages), such as a form in a
// hidden frame. The client learns from the counts on its downstream link which messages have arrived. `ClientBench` is
// one client session with a manual clock; the test plays the server and the network.

/** Counts that the server sends on the downstream link. */
const ack = (some = {}) => ({ t: 'ack', ...counts(some) }) as const;
/** The answer to an attach or poll, with the server's counts. */
const attached = (some = {}) => ({ t: 'attached', first: 1, ...counts(some) }) as const;
/** All bodies so far, the latest last. */
const bodies = (bench: ClientBench) => bench.carriers.filter(({ head }) => head?.t === 'body');

describe('bodies whose answers cannot be read', () => {
  it('[SN-6.8] [SN-6.9] a blind body says so and stays in flight until downstream counts state its messages', () => {
    const bench = ClientBench.attached(blindStream);
    const down = bench.last;
    bench.send('a', 'b');
    const first = bench.last;
    expect(first).toMatchObject({ head: { t: 'body', first: 1, count: 2, blind: true }, texts: ['a', 'b'] });
    bench.ended(first, true);
    bench.send('c');
    bench.record(down, ack({ received: 1, sum: sumOf('a') }));
    expect(bodies(bench)).toHaveLength(1);
    bench.record(down, ack({ received: 2, sum: sumOf('a', 'b') }));
    expect(bench.last).toMatchObject({ head: { t: 'body', first: 3, count: 1, blind: true }, texts: ['c'] });
  });

  it('[SN-6.9] a blind body is done by the counts alone, even before its request completes', () => {
    const bench = ClientBench.attached(blindStream);
    const down = bench.last;
    bench.send('a');
    const first = bench.last;
    bench.record(down, ack({ received: 1, sum: sumOf('a') }));
    expect(first.ending).toBe('done');
    bench.pass(5000);
    expect(bodies(bench)).toHaveLength(1);
  });

  it('[SN-7.8] [SN-6.12] a blind body without counts in time is repeated, and the down link is proven', () => {
    const bench = ClientBench.attached(blindStream);
    const down = bench.last;
    bench.send('a');
    const first = bench.last;
    bench.ended(first, true);
    bench.pass(519);
    expect(first.ending).toBeNull();
    bench.pass(300);
    expect(first.ending).toBe('silent');
    const again = bodies(bench).at(-1);
    expect(again).not.toBe(first);
    expect(again?.texts).toEqual(['a']);
    const second = bench.carriers.filter(({ head }) => head?.t === 'attach').at(-1);
    expect(second?.head).toMatchObject({ n: 2 });
    if (!second) throw new Error('not proven');
    bench.record(second, attached({ received: 1, sum: sumOf('a') }));
    expect(bench.session.manager.links.current?.n).toBe(2);
    expect(again?.ending).toBe('done');
    bench.pass(2000);
    expect(down.ending).not.toBeNull();
    expect(bodies(bench)).toHaveLength(2);
  });

  it('[SN-6.11] a successful blind body that the counts of a later poll do not state is repeated immediately', () => {
    const bench = ClientBench.attached(blindPoll);
    const before = bench.last;
    bench.send('a');
    const first = bench.last;
    bench.pass(10);
    bench.ended(first, true);
    bench.pass(1);
    // A poll that left before the body proves nothing.
    bench.record(before, attached());
    bench.ended(before, true);
    expect(bodies(bench)).toHaveLength(1);
    bench.pass(10);
    const after = bench.last;
    bench.record(after, attached());
    bench.pass(200);
    expect(bodies(bench)).toHaveLength(2);
    expect(bodies(bench).at(-1)?.texts).toEqual(['a']);
  });

  it('[SN-6.12] a failed blind body is repeated, and a down link that brought data meanwhile is not in doubt', () => {
    const bench = ClientBench.attached(blindStream);
    const down = bench.last;
    bench.send('a');
    bench.pass(2);
    bench.record(down, ack());
    bench.ended(bench.last, false);
    bench.pass(100);
    expect(bench.last).toMatchObject({ head: { t: 'body', first: 1, blind: true }, texts: ['a'] });
    expect(bench.carriers.filter(({ head }) => head?.t === 'attach')).toHaveLength(1);
  });

  it('[SN-6.10] an empty blind body is done when it succeeded and something arrived downstream since', () => {
    const bench = ClientBench.attached(blindStream);
    const down = bench.last;
    bench.record(down, { t: 'ping', at: 0, ...counts() });
    const first = bench.last;
    expect(first.head).toMatchObject({ t: 'body', count: 0, blind: true });
    bench.pass(10);
    bench.record(down, ack());
    expect(first.ending).toBeNull();
    bench.ended(first, true);
    expect(first.ending).toBe('done');
    bench.pass(600);
    expect(bodies(bench)).toHaveLength(1);
  });

  it('[SN-6.12] an empty blind body that succeeds while nothing arrives downstream puts the down link in doubt', () => {
    const bench = ClientBench.attached(blindStream);
    bench.record(bench.last, { t: 'ping', at: 0, ...counts() });
    bench.ended(bench.last, true);
    bench.pass(700);
    expect(bench.carriers.filter(({ head }) => head?.t === 'attach')).toHaveLength(2);
  });

  it('[SN-8.2] a poll of a blind transport carries no messages, and its answer confirms the blind bodies', () => {
    const bench = ClientBench.attached(blindPoll);
    const parked = bench.last;
    bench.send('a');
    const first = bench.last;
    expect(first.head).toMatchObject({ t: 'body', first: 1, count: 1, blind: true });
    bench.send('b');
    bench.pass(60);
    bench.record(parked, attached({ received: 1, sum: sumOf('a') }));
    bench.ended(parked, true);
    const [poll, second] = bench.carriers.slice(-2).sort((x) => (x.head?.t === 'attach' ? -1 : 1));
    expect(poll).toMatchObject({ head: { t: 'attach', n: 3, count: 0 }, texts: [] });
    expect(second).toMatchObject({ head: { t: 'body', first: 2, count: 1, blind: true }, texts: ['b'] });
  });

  it('[SN-6.8] the `open` of a blind transport says that it is blind', () => {
    const bench = new ClientBench(blindPoll);
    bench.send('a');
    bench.session.start(0);
    expect(bench.last).toMatchObject({ head: { t: 'open', blind: true, first: 1, count: 1 }, texts: ['a'] });
  });

  it('[SN-4.13] the `fail` of a blind transport says that it is blind', () => {
    const bench = ClientBench.attached(blindPoll);
    bench.send('a');
    bench.session.fail('mine');
    expect(bench.last.head).toMatchObject({ t: 'fail', code: 'mine', blind: true });
  });

  it('[SN-11] blind bodies end with a switch to a two-way link and begin again with a switch back', () => {
    const bench = ClientBench.attached(blindPoll);
    bench.send('a');
    const body = bench.last;
    bench.session.switchTo(duplex, bench.now);
    const socket = bench.last;
    bench.opened(socket);
    bench.record(socket, { t: 'probe', pad: '.' });
    bench.record(socket, attached({ received: 1, sum: sumOf('a') }));
    expect(body.ending).toBe('done');
    bench.send('b');
    expect(socket.written.at(-1)).toBe('b');
    bench.session.switchTo(blindPoll, bench.now);
    bench.record(bench.last, attached({ received: 2, sum: sumOf('a', 'b') }));
    bench.send('c');
    expect(bodies(bench).at(-1)).toMatchObject({ head: { first: 3, blind: true }, texts: ['c'] });
  });

  it('[SN-21.3] a blind body carries a new token like any other body', () => {
    const bench = ClientBench.attached(blindPoll);
    bench.session.renew('fresh', bench.now);
    expect(bench.last.head).toMatchObject({ t: 'body', token: 'fresh', blind: true });
  });
});
