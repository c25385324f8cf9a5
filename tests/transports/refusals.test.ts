import { afterEach, describe, expect, it } from 'vitest';
import { wideUnless } from '../lane.js';
import { Dialogue, transportNames, until } from './dialogue.js';

let talk: Dialogue;
afterEach(() => talk.stop());

const limits = { retryAfterMs: 20 };

for (const name of transportNames) {
  describe(`over ${name}, a client that is refused temporarily`, {
    timeout: 60_000,
    tags: wideUnless(name === 'websocket' || name === 'long-poll'),
  }, () => {
    it('[SN-43.2] a client retries at a server whose `authenticate` failed, and loses nothing', async () => {
      const got: unknown[] = [];
      let calls = 0;
      talk = await Dialogue.start({
        limits,
        authenticate: () => {
          calls += 1;
          if (calls < 3) throw new Error('the database is away');
          return { subject: 'ann' };
        },
        onSession: (session) => {
          session.onMessage = (data) => void got.push(data);
        },
      });
      const client = talk.client(name);
      await client.send('sent before', { until: 'peer' });
      expect([got, calls >= 3, client.readyState]).toEqual([['sent before'], true, 1]);
    });

    it('[SN-43.2] a client retries at a server that was full', async () => {
      talk = await Dialogue.start({ limits: { ...limits, sessionsMax: 1 } });
      const [first] = await talk.pair(name);
      const second = talk.client(name);
      await until(() => 'attempts' in second.status && second.status.attempts.some(({ reason }) => reason === 'busy'));
      first.close();
      await until(() => second.readyState === 1);
    });
  });
}

// A client between two polls learns of it from the server that replaces this one, as `lost`.
const held = transportNames.filter((name) => !name.endsWith('poll'));

describe.each(held)('over %s, a client of a server that stops', { timeout: 60_000 }, (name) => {
  it('[TR-20.2] a client can distinguish a server that stops from a closed session', async () => {
    talk = await Dialogue.start();
    const [client] = await talk.pair(name);
    const closed = new Promise<CloseEvent>((resolve) => client.addEventListener('close', resolve));
    await talk.wire.close();
    expect(await closed).toMatchObject({ code: 4504, reason: 'shutdown', wasClean: true });
  });
});
