import { describe, expect, it } from 'vitest';
import { blindStream, type Carrier, ClientBench, poll, stream } from './test-kit/client-bench.js';
import { counts, sumOf } from './test-kit/server-bench.js';

const got = (...texts: string[]) => counts({ received: texts.length, sum: sumOf(...texts) });
const bodies = ({ carriers }: ClientBench): Carrier[] => carriers.filter(({ head }) => head?.t === 'body');
const current = ({ session }: ClientBench) => session.manager.links.current;
const failures = ({ events }: ClientBench): string[] => events.filter((event) => event.startsWith('failed'));

/** Sends something unanswered until two bodies have timed out next to the held request. */
function waitInVain(bench: ClientBench, text: string): void {
  const before = bodies(bench).length;
  bench.send(text);
  for (let times = 0; times < 100 && current(bench); times += 1) bench.pass(50);
  expect(current(bench)).toBe(null);
  expect(bodies(bench)).toHaveLength(before + 2);
}

/** Does so twice, with an answer as soon as a connection is free. @param said texts so far @returns all texts */
function findFew(bench: ClientBench, said: readonly string[] = []): readonly string[] {
  const all = [...said];
  for (const text of ['a', 'b']) {
    all.push(text);
    waitInVain(bench, text);
    bench.record(bench.last, { t: 'answer', ...got(...all) });
    if (text === 'b') break;
    bench.record(bench.last, { t: 'attached', first: 1, ...got(...all) });
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
    let said: readonly string[] = [];
    for (const fewMs of [30_000, 60_000]) {
      said = findFew(bench, said);
      expect(failures(bench).at(-1)).toBe('failed long-poll proven crowded');
      const since = bench.now;
      for (let polls = 0; (bench.last.link as { parked?: boolean }).parked !== true; polls += 1) {
        expect(bench.last.head).toMatchObject({ t: 'attach', prompt: true, ...(polls === 0 && { every: 2000 }) });
        bench.record(bench.last, { t: 'attached', first: 1, ...got(...said) });
        bench.ended(bench.last, true);
        bench.pass(2000);
        expect(polls).toBeLessThan(40);
      }
      expect(bench.now - since).toBeGreaterThanOrEqual(fewMs);
      expect(bench.now - since).toBeLessThan(fewMs + 4000);
    }
  });

  it('[SN-47.2] an answer long after the held request ended does not indicate scarce connections', () => {
    const bench = ClientBench.attached(stream);
    waitInVain(bench, 'a');
    bench.pass(350);
    bench.record(bench.last, { t: 'answer', ...got('a') });
    expect(failures(bench)).toEqual([]);
    expect(current(bench)?.kind).toBe('stream');
  });

  it('[SN-47.3] scarce connections demote streams, and a stream that continues ends for each body', () => {
    const bench = ClientBench.attached(stream);
    const said = findFew(bench);
    expect(failures(bench)).toEqual(['failed event-stream crowded']);
    expect(bench.session.manager.crowd.leftMs(bench.now)).toBe(30_000);
    const down = bench.last;
    bench.record(down, { t: 'attached', first: 1, ...got(...said) });
    bench.send('c');
    expect(down.ending).toBe(null);
    bench.record(bench.last, { t: 'answer', ...got(...said, 'c') });
    bench.pass(1000);
    bench.send('d');
    expect(down.ending).toBe('done');
    bench.record(bench.last, { t: 'answer', ...got(...said, 'c', 'd') });
    expect(current(bench)?.kind).toBe('stream');
    expect(failures(bench)).toHaveLength(1);
  });

  it('[SN-47.2] a single body that succeeds after the held request ended does not indicate scarce connections', () => {
    const bench = ClientBench.attached(stream);
    waitInVain(bench, 'a');
    bench.record(bench.last, { t: 'answer', ...got('a') });
    expect(failures(bench)).toEqual([]);
    expect(current(bench)?.kind).toBe('stream');
  });

  it('[SN-47.4] a blind body counts as answered when its request has ended', () => {
    const bench = ClientBench.attached(blindStream);
    waitInVain(bench, 'a');
    bench.ended(bodies(bench).at(-1)!, true);
    bench.pass(1);
    expect(failures(bench)).not.toContain('failed iframe-stream crowded');
    bench.record(bench.last, { t: 'attached', first: 1, ...got('a') });
    waitInVain(bench, 'b');
    bench.ended(bodies(bench).at(-1)!, true);
    bench.pass(1);
    expect(failures(bench)).toContain('failed iframe-stream crowded');
    expect(current(bench)?.kind).toBe('stream');
  });
});
