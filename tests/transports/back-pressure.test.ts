import type { MembersChange, WireSession } from '@everywire/server';
import { afterEach, describe, expect, it } from 'vitest';
import { wideUnless } from '../lane.js';
import { Dialogue, oneOfEachKind, until } from './dialogue.js';

let talk: Dialogue;
afterEach(() => talk.stop());

/** A small window: how much may be in flight before a sender must wait. */
const window = { messages: 16, bytes: 1 << 20 };

/**
 * Publishes 200 times, four per tick, sometimes with a direct message or a cut in between. Publishes the next four when the
 * fast reader has received the previous ones. Returns the promises of the direct messages.
 */
async function publishPrices(session: WireSession, read: readonly string[]): Promise<readonly Promise<void>[]> {
  const promised: Promise<void>[] = [];
  for (let i = 0; i < 200; i++) {
    talk.wire.publish('prices', String(i), { conflate: i % 2 ? 'odd' : 'even' });
    if (i % 20 === 10) promised.push(session.send(`own ${i}`, { until: 'peer' }));
    if (i % 20 === 15) talk.proxy.cutNow('reset');
    if (i % 4 === 3) await until(() => read.length === i + 1);
  }
  return promised;
}

for (const name of oneOfEachKind) {
  describe(`over ${name}`, { timeout: 60_000, tags: wideUnless(name === 'fetch-stream') }, () => {
    it('[SN-23.2] [SN-23.3] the server gets `drain` for a slow reader, and the client for a slow application', async () => {
      let settle: (() => void) | undefined;
      talk = await Dialogue.start({
        limits: { up: window, down: window },
        onSession: (session) => {
          session.onMessage = (data) => (data === 'hold' ? new Promise<void>((done) => (settle = done)) : undefined);
        },
      });
      const [client, session] = await talk.pair(name);
      let got = 0;
      client.onmessage = () => {
        got += 1;
      };
      // Nothing gets through: the slowest possible reader.
      const lift = talk.proxy.inject({ kind: 'refuse' });
      talk.proxy.cutNow('reset');
      let drained = 0;
      session.onDrain = () => {
        drained += 1;
      };
      const results = Array.from({ length: 40 }, (_, i) => session.send(String(i)));
      expect(results.filter(Boolean)).toHaveLength(16);
      expect([drained, session.bufferedAmount]).toEqual([0, 70]);
      lift();
      client.retryNow();
      await until(() => got === 40 && drained === 1);
      let clientDrained = 0;
      client.addEventListener('drain', () => {
        clientDrained += 1;
      });
      client.send('hold');
      for (let i = 0; i < 40; i++) client.send('x');
      await client.send('y', { until: 'peer', signal: AbortSignal.timeout(60) }).catch(() => undefined);
      expect(clientDrained).toBe(0);
      // On a busy machine it may come later than that.
      await until(() => settle !== undefined);
      settle?.();
      await until(() => clientDrained === 1);
    });

    it('[SN-33.4] [SN-30.2] a slow reader gets the newest of each key, a fast one everything, each in order', async () => {
      talk = await Dialogue.start({ limits: { down: window } });
      const [slow, slowSession] = await talk.pair(name);
      const [fast, fastSession] = await talk.direct();
      const read: Record<'slow' | 'fast', string[]> = { slow: [], fast: [] };
      slow.onmessage = ({ data }) => read.slow.push(data);
      fast.onmessage = ({ data }) => read.fast.push(data);
      await slowSession.send('-1', { until: 'peer' });
      for (const session of [slowSession, fastSession]) session.join('prices');
      const promised = await publishPrices(slowSession, read.fast);
      await Promise.all(promised);
      await until(() => read.fast.length === 200 && read.slow.includes('198') && read.slow.includes('199'));
      expect(read.fast).toEqual(Array.from({ length: 200 }, (_, i) => String(i)));
      const own = read.slow.filter((text) => text.startsWith('own'));
      expect(own).toEqual(Array.from({ length: 10 }, (_, i) => `own ${i * 20 + 10}`));
      const prices = read.slow.filter((text) => !text.startsWith('own')).map(Number);
      expect(prices).toEqual([...new Set(prices)].sort((a, b) => a - b));
      expect(talk.proxy.counters.cuts).toBeGreaterThan(0);
    });

    it('a member remains through a cut, and leaves with its session', async () => {
      talk = await Dialogue.start();
      const changes: MembersChange[] = [];
      talk.wire.watchMembers('room', (change) => changes.push(change));
      const [client, session] = await talk.pair(name);
      session.onMessage = () => undefined;
      session.join('room', { info: { name: 'ann' } });
      await until(() => changes.length === 1);
      talk.proxy.cutNow('reset');
      await client.send('still here', { until: 'peer' });
      expect(talk.wire.members('room')).toMatchObject({ count: 1, members: [{ session, info: { name: 'ann' } }] });
      expect(changes).toHaveLength(1);
      client.close();
      await until(() => changes.length === 2);
      expect(changes[1]).toMatchObject({ count: 0, left: [{ info: { name: 'ann' } }] });
    });
  });
}
