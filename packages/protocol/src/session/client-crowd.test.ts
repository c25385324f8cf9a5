import { describe, expect, it } from 'vitest';
import { blindStream, type Carrier, ClientBench, poll, stream } from './test-kit/client-bench.js';
import { counts, sumOf } from './test-kit/server-bench.js';

// Tests how a client detects scarce connections: a browser allows few connections to one host, so that bodies (POSTs
// with messages) may wait behind the held request (a stream or an unanswered poll). `ClientBench` is one client session
// with a manual clock; the test plays the server and the network.

/** Counts of a server that has received exactly these messages. */
const receivedCounts = (...texts: string[]) => counts({ received: texts.length, sum: sumOf(...texts) });
const bodies = ({ carriers }: ClientBench): Carrier[] => carriers.filter(({ head }) => head?.t === 'body');
/** The attached downstream link; `null` if there is none. */
const current = ({ session }: ClientBench) => session.manager.links.current;
const failures = ({ events }: ClientBench): string[] => events.filter((event) => event.startsWith('failed'));

/** Sends a message that the server does not answer, until two bodies have timed out and the client ends the held request. */
function waitInVain(bench: ClientBench, text: string): void {
  const before = bodies(bench).length;
  bench.send(text);
  for (let times = 0; times < 100 && current(bench); times += 1) bench.pass(50);
  expect(current(bench)).toBe(null);
  expect(bodies(bench)).toHaveLength(before + 2);
}

/**
 * Makes the client conclude that connections are scarce. Twice, a message stays unanswered while a request is held, and is
 * answered as soon as that request has ended.
 *
 * @param texts the messages sent before
 * @returns all messages sent
 */
function makeConnectionsScarce(bench: ClientBench, texts: readonly string[] = []): readonly string[] {
  const all = [...texts];
  for (const text of ['a', 'b']) {
    all.push(text);
    waitInVain(bench, text);
    bench.record(bench.last, { t: 'answer', ...receivedCounts(...all) });
    if (text === 'b') break;
    bench.record(bench.last, { t: 'attached', first: 1, ...receivedCounts(...all) });
    if (current(bench)?.kind === 'poll') bench.ended(bench.last, true);
  }
  return all;
}

describe('bodies that are not answered while a request is held', () => {
  it.each([stream, poll])(
    '[SN-47.1] unanswered bodies end the held request, and the second waits as long again: %o',
    (transport) => {
      const bench = ClientBench.attached(transport);
      const held = bench.last;
      waitInVain(bench, 'a');
      expect(held.ending).toBe('done');
      expect(bodies(bench).map(({ ending }) => ending)).toEqual(['silent', null]);
      // The session continues as in a pause between polls.
      expect(bench.session.manager.links.attached).toBe(true);
      bench.pass(1300);
      expect(bodies(bench).map(({ ending }) => ending)).toEqual(['silent', 'silent', null]);
      expect(current(bench)).not.toBe(null);
      expect(failures(bench)).toEqual([]);
    },
  );

  it('[SN-47.2] scarce connections make polls short for 30 s, then for twice as long', () => {
    const bench = ClientBench.attached(poll);
    let texts: readonly string[] = [];
    for (const scarceMs of [30_000, 60_000]) {
      texts = makeConnectionsScarce(bench, texts);
      expect(failures(bench).at(-1)).toBe('failed long-poll proven crowded');
      const since = bench.now;
      for (let polls = 0; (bench.last.link as { parked?: boolean }).parked !== true; polls += 1) {
        expect(bench.last.head).toMatchObject({ t: 'attach', prompt: true, ...(polls === 0 && { every: 2000 }) });
        bench.record(bench.last, { t: 'attached', first: 1, ...receivedCounts(...texts) });
        bench.ended(bench.last, true);
        bench.pass(2000);
        expect(polls).toBeLessThan(40);
      }
      expect(bench.now - since).toBeGreaterThanOrEqual(scarceMs);
      expect(bench.now - since).toBeLessThan(scarceMs + 4000);
    }
  });

  it('[SN-47.2] an answer long after the held request ended does not indicate scarce connections', () => {
    const bench = ClientBench.attached(stream);
    waitInVain(bench, 'a');
    bench.pass(350);
    bench.record(bench.last, { t: 'answer', ...receivedCounts('a') });
    expect(failures(bench)).toEqual([]);
    expect(current(bench)?.kind).toBe('stream');
  });

  it('[SN-47.3] scarce connections demote streams, and a stream that continues ends for each body', () => {
    const bench = ClientBench.attached(stream);
    const texts = makeConnectionsScarce(bench);
    expect(failures(bench)).toEqual(['failed event-stream crowded']);
    expect(bench.session.manager.crowd.leftMs(bench.now)).toBe(30_000);
    const down = bench.last;
    bench.record(down, { t: 'attached', first: 1, ...receivedCounts(...texts) });
    bench.send('c');
    expect(down.ending).toBe(null);
    bench.record(bench.last, { t: 'answer', ...receivedCounts(...texts, 'c') });
    bench.pass(1000);
    bench.send('d');
    expect(down.ending).toBe('done');
    bench.record(bench.last, { t: 'answer', ...receivedCounts(...texts, 'c', 'd') });
    expect(current(bench)?.kind).toBe('stream');
    expect(failures(bench)).toHaveLength(1);
  });

  it('[SN-47.2] a single body that succeeds after the held request ended does not indicate scarce connections', () => {
    const bench = ClientBench.attached(stream);
    waitInVain(bench, 'a');
    bench.record(bench.last, { t: 'answer', ...receivedCounts('a') });
    expect(failures(bench)).toEqual([]);
    expect(current(bench)?.kind).toBe('stream');
  });

  it('[SN-47.4] a blind body counts as answered when its request has ended', () => {
    const bench = ClientBench.attached(blindStream);
    waitInVain(bench, 'a');
    bench.ended(bodies(bench).at(-1)!, true);
    bench.pass(1);
    expect(failures(bench)).not.toContain('failed iframe-stream crowded');
    bench.record(bench.last, { t: 'attached', first: 1, ...receivedCounts('a') });
    waitInVain(bench, 'b');
    bench.ended(bodies(bench).at(-1)!, true);
    bench.pass(1);
    expect(failures(bench)).toContain('failed iframe-stream crowded');
    expect(current(bench)?.kind).toBe('stream');
  });
});
