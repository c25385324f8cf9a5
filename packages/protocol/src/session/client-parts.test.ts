import { describe, expect, it } from 'vitest';
import { decodeBase64 } from '../encoding/base64.js';
import type { BodyRecord } from '../record.js';
import { blindPoll, blindStream, type Carrier, ClientBench, poll, stream } from './test-kit/client-bench.js';
import { counts, sumOf } from './test-kit/server-bench.js';

// Tests the client's side of a message in parts. If the network refuses large bodies (POSTs with messages), the client
// sends the bytes of a long message in several bodies. `ClientBench` is one client session with a manual clock; the
// test plays the server and the network.

/** The server's answer to a body: its counts. */
const answer = (some = {}) => ({ t: 'answer', ...counts(some) }) as const;
const bodies = ({ carriers }: ClientBench) => carriers.filter(({ head }) => head?.t === 'body');
const headOf = ({ head }: Carrier) => head as BodyRecord;
/** The number of message bytes in a body with a part. */
const bytesOf = (carrier: Carrier) => decodeBase64(headOf(carrier).part ?? '')!.length;

/** Refuses the latest body with 413, and its smaller repetitions, until one is not larger than the given size. */
function refuseAbove(bench: ClientBench, bytes: number): void {
  const largest = ({ last }: ClientBench): number => {
    const { part } = headOf(last);
    return part ? part.length : last.texts.join('').length;
  };
  for (let tries = 0; largest(bench) > bytes && tries < 20; tries += 1) bench.ended(bench.last, false, true);
}

const long = 'x'.repeat(2000);

describe('a message that is too long for the network', () => {
  it('[SN-45.1] [SN-45.5] [SN-46.1] a refused message is sent in parts, after the bytes that the server holds', () => {
    const bench = ClientBench.attached(stream);
    bench.send(long, 'b');
    expect(bench.last.texts).toEqual([long, 'b']);
    refuseAbove(bench, 600);
    expect(bench.last.texts).toEqual([]);
    expect(headOf(bench.last)).toMatchObject({ first: 1, count: 0, at: 0, of: 2000, as: 0 });
    const heldBytes = bytesOf(bench.last);
    expect(heldBytes).toBeGreaterThan(300);
    expect(bench.now).toBe(20);
    bench.record(bench.last, answer({ partial: heldBytes }));
    expect(headOf(bench.last)).toMatchObject({ first: 1, at: heldBytes });
    bench.record(bench.last, answer({ partial: 100 }));
    expect(headOf(bench.last)).toMatchObject({ first: 1, at: 100 });
    bench.ended(bench.last, false);
    bench.pass(1000);
    expect(headOf(bench.last)).toMatchObject({ first: 1, at: 100 });
    bench.record(bench.last, answer({ received: 1, sum: sumOf(long) }));
    expect(bench.last).toMatchObject({ head: { first: 2, count: 1 }, texts: ['b'] });
  });

  it('[SN-45.5] a message in parts starts again if the server holds nothing, or claims more than its length', () => {
    const bench = ClientBench.attached(stream);
    bench.send(long);
    refuseAbove(bench, 600);
    bench.record(bench.last, answer({ partial: 300 }));
    bench.record(bench.last, answer());
    expect(headOf(bench.last)).toMatchObject({ first: 1, at: 0 });
    bench.record(bench.last, answer({ partial: 2000 }));
    expect(headOf(bench.last)).toMatchObject({ first: 1, at: 0 });
  });

  it('[SN-45.6] a blind part is done when downstream counts state its last byte as held', () => {
    const bench = ClientBench.attached(blindStream);
    bench.send(long);
    for (let tries = 0; tries < 8 && !headOf(bodies(bench).at(-1)!).part; tries += 1) bench.pass(2500);
    const first = bodies(bench).at(-1)!;
    // The previous one was ended.
    const down = bench.carriers.findLast(({ head }) => head?.t === 'attach')!;
    bench.record(down, { t: 'attached', first: 1, ...counts() });
    const heldBytes = bytesOf(first);
    const stated = (some = {}) => bench.record(down, { t: 'ack', ...counts(some) });
    stated({ partial: heldBytes - 1 });
    expect(bodies(bench).at(-1)).toBe(first);
    stated({ partial: heldBytes });
    expect(headOf(bodies(bench).at(-1)!)).toMatchObject({ first: 1, at: heldBytes });
    stated({ received: 1, sum: sumOf(long) });
    expect(bodies(bench).at(-1)!.ending).toBe('done');
  });
});

describe('the body size of a network', () => {
  it('[SN-46.10] if the answer to a form cannot be read, the next poll shows whether it passed', () => {
    const bench = ClientBench.attached(blindPoll);
    bench.send(long);
    const [form] = bodies(bench);
    bench.ended(form!, true);
    bench.pass(400);
    const proof = bench.last;
    expect(proof.head).toMatchObject({ t: 'attach', prompt: true });
    bench.record(proof, { t: 'attached', first: 1, ...counts() });
    bench.ended(proof, true);
    expect(headOf(bodies(bench).at(-1)!)).toMatchObject({ first: 1, at: 0 });
    expect(headOf(bodies(bench).at(-1)!).part).toHaveLength(1000);
  });

  it('[SN-46.1] a 413 is not attributed to the link, and a poll with messages is repeated without them', () => {
    const bench = ClientBench.attached(poll);
    bench.send(long);
    // A held poll is in flight, so the body is sent in parallel. The next poll could carry it.
    refuseAbove(bench, 600);
    expect(bench.events.filter((event) => event.startsWith('failed'))).toEqual([]);
    const polls = bench.carriers.filter(({ head }) => head?.t === 'attach');
    bench.record(polls.at(-1)!, { t: 'attached', first: 1, ...counts() });
    bench.ended(polls.at(-1)!, true);
    expect(bench.last).toMatchObject({ head: { t: 'attach', count: 0 }, texts: [] });
  });

  it('[SN-46.2] a body that is cut twice while a down link is attached is sent again in parts', () => {
    const bench = ClientBench.attached(stream);
    bench.send(long.repeat(3));
    bench.ended(bench.last, false);
    bench.pass(150);
    expect(bench.last.texts).toHaveLength(1);
    bench.ended(bench.last, false);
    expect(headOf(bench.last)).toMatchObject({ at: 0, of: 6000 });
    expect(bytesOf(bench.last)).toBeGreaterThan(500);
  });

  it('[SN-46.7] while bodies are refused, a token is sent without content, and again if its body failed', () => {
    const bench = ClientBench.attached(stream);
    bench.send(long);
    refuseAbove(bench, 600);
    bench.session.renew('a new token', bench.now);
    bench.record(bench.last, answer({ partial: 300 }));
    expect(bench.last).toMatchObject({ head: { token: 'a new token', count: 0 }, texts: [] });
    expect(headOf(bench.last).part).toBeUndefined();
    bench.ended(bench.last, false);
    bench.pass(1000);
    expect(headOf(bench.last)).toMatchObject({ token: 'a new token', count: 0 });
    bench.record(bench.last, answer({ partial: 300 }));
    expect(headOf(bench.last)).toMatchObject({ first: 1, at: 300 });
    expect(headOf(bench.last).token).toBeUndefined();
  });

  it('[SN-46.11] [SN-46.12] a message that JSON escapes make too long is sent and continued in parts', () => {
    const bench = ClientBench.attached(stream);
    bench.send('\u001b'.repeat(250), 'b');
    refuseAbove(bench, 0);
    expect(bench.session.manager.requests.size.stuckSince).not.toBeNull();
    bench.pass(5000);
    const { at, part = '' } = headOf(bench.last);
    expect([at, part.length <= 256]).toEqual([0, true]);
    const heldBytes = bytesOf(bench.last);
    bench.record(bench.last, answer({ partial: heldBytes }));
    expect(headOf(bench.last)).toMatchObject({ first: 1, at: heldBytes, of: 250 });
    bench.record(bench.last, answer({ received: 1, sum: sumOf('\u001b'.repeat(250)) }));
    expect(bench.last).toMatchObject({ head: { first: 2, count: 1 }, texts: ['b'] });
  });

  it('[SN-46.7] a failed open is repeated without messages', () => {
    const bench = new ClientBench(poll);
    bench.send('early');
    bench.session.start(bench.now);
    expect(bench.last).toMatchObject({ head: { t: 'open', count: 1 } });
    bench.ended(bench.last, false, true);
    expect(bench.last).toMatchObject({ head: { t: 'open', count: 0 }, texts: [] });
    expect(bench.now).toBe(0);
  });
});
