import type { WireSession } from '@everywire/server';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, HandCounts, type Listening, listen, openByPost, post, unkept } from './hand-client.js';

let server: Listening;
afterEach(() => server.end());

/** A session of which the test sends each poll. */
interface Talk {
  readonly arrivals: unknown[];
  readonly session: () => WireSession;
  /** Returns one answer: its records by name, and the messages. */
  poll(n: number, more?: object): Promise<string[]>;
  /** Opens one more session and polls it once. */
  another(more: object): Promise<string[]>;
}

/** Returns a message, or the name of a record with its waiting time. */
const wordOf = (item: string | { readonly t: string; readonly ms?: number }): string =>
  typeof item === 'string' ? item : item.ms === undefined ? item.t : `${item.t} ${item.ms}`;

/** Opens a session. The test sends its polls, and sets the server's clock. */
async function talk(now: () => number): Promise<Talk> {
  const sessions: WireSession[] = [];
  const arrivals: unknown[] = [];
  server = await listen({
    now,
    onSession: (opened) => {
      sessions.push(opened);
      opened.onMessage = (data) => void arrivals.push(data);
    },
  });
  const counts = new HandCounts();
  const pollOf = async (id: string, n: number, more: object = {}): Promise<string[]> => {
    const attach = { t: 'attach', id, n, instance: 1, every: 60_000, ...counts.block, ...more };
    const answer = await post(`${server.base}/short-poll`, attach as never, unkept);
    const lines = (await answer.text()).trim().split('\n');
    return lines.map((line) => wordOf(JSON.parse(line)));
  };
  const id = await openByPost(server.base, undefined, unkept);
  return {
    arrivals,
    session: () => sessions[0] as WireSession,
    poll: (n, more) => pollOf(id, n, more),
    another: async (more) => pollOf(await openByPost(server.base, undefined, unkept), 1, more),
  };
}

describe('short polling', () => {
  it('[TR-27] [SN-34.1] a short poll is answered immediately, with the available messages', async () => {
    let time = 1_000;
    const { poll, session } = await talk(() => time);
    expect(await poll(1)).toEqual(['attached']);
    session().send('down');
    time += 300;
    expect(await poll(2)).toEqual(['attached', 'down']);
  });

  it('[SN-34.7] a short poll is accepted once in 250 ms; one that comes too early takes and loses nothing', async () => {
    let time = 1_000;
    const { poll, arrivals, session } = await talk(() => time);
    await poll(1);
    session().send('down');
    time += 100;
    const up = { first: 1, count: 1, m: ['up'] };
    expect(await poll(2, up)).toEqual(['wait 150']);
    expect(await poll(2, up)).toEqual(['wait 150']);
    expect(arrivals).toEqual([]);
    time += 150;
    expect(await poll(2, up)).toEqual(['attached', 'down']);
    expect(arrivals).toEqual(['up']);
  });

  it('[SN-34.9] a short poll keeps the session for three of its pauses, 5 minutes at most', async () => {
    let time = 1_000;
    const { poll, another } = await talk(() => time);
    const living = (): number => server.wire.sessions().length;
    await poll(1);
    await another({ every: 0 });
    expect(living()).toBe(2);
    time += 179_000;
    // The other session had no longer than 90 s, so the timer has run.
    await eventually(() => living() === 1);
    expect(await poll(2, { every: 1e12 })).toEqual(['attached']);
    await another({ every: 299_000 });
    time += 898_000;
    await eventually(() => living() === 1);
    expect(await poll(3, { every: 1e12 })).toEqual(['attached']);
    time += 901_000;
    await eventually(() => living() === 0);
    expect((await poll(4))[0]).toMatch(/^(closed|refused)/);
  });
});
