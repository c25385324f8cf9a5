import { afterEach, describe, expect, it } from 'vitest';
import { wideUnless } from '../lane.js';
import { Dialogue, oneOfEachKind, until } from './dialogue.js';

let talk: Dialogue;
afterEach(() => talk.stop());

/** Returns an object whose `state` follows a promise: `waits`, `kept` (fulfilled), or the code of its error. */
function watch(promise: Promise<unknown>): { state: string } {
  const watched = { state: 'waits' };
  promise.then(
    () => {
      watched.state = 'kept';
    },
    (error: { code?: string }) => {
      watched.state = error.code ?? String(error);
    },
  );
  return watched;
}

for (const name of oneOfEachKind) {
  describe(`over ${name}, a send`, { timeout: 60_000, tags: wideUnless(name === 'long-poll') }, () => {
    it('[SN-30.2] a send awaited until the server has it settles before the handler has settled', async () => {
      let settle = (): void => undefined;
      talk = await Dialogue.start({
        onSession: (session) => {
          session.onMessage = () => new Promise<void>((done) => (settle = done));
        },
      });
      const [client] = await talk.pair(name);
      const peer = watch(client.send('held', { until: 'peer' }));
      await client.send('behind it', { until: 'server' });
      expect(peer.state).toBe('waits');
      settle();
      await until(() => peer.state === 'kept');
    });

    it("[SN-30] a send awaited until the peer has it settles after the handler's own promise", async () => {
      talk = await Dialogue.start({
        onSession: (session) => {
          session.onMessage = async (data) => {
            const other = talk.sessions.find((one) => one !== session);
            if (other) await other.send(data, { until: 'peer' });
          };
        },
      });
      const [reader] = await talk.pair(name);
      const [writer] = await talk.pair(name);
      const read: unknown[] = [];
      reader.onmessage = ({ data }) => read.push(data);
      await writer.send('through', { until: 'peer' });
      expect(read).toEqual(['through']);
    });

    it('[SN-30] an awaited send settles once through a cut in the middle, each way', async () => {
      const up: unknown[] = [];
      talk = await Dialogue.start({
        onSession: (session) => {
          session.onMessage = (data) => void up.push(data);
        },
      });
      const [client, session] = await talk.pair(name);
      const down: unknown[] = [];
      client.onmessage = ({ data }) => down.push(data);
      const promises: Promise<void>[] = [];
      for (let i = 0; i < 40; i++) {
        promises.push(client.send(`up ${i}`, { until: i % 2 ? 'server' : 'peer' }));
        promises.push(session.send(`down ${i}`, { until: 'peer' }));
        if (i % 10 === 5) talk.proxy.cutNow(i % 20 === 5 ? 'reset' : 'end');
        if (i % 4 === 0) await promises[i];
      }
      await Promise.all(promises);
      expect(up).toEqual(Array.from({ length: 40 }, (_, i) => `up ${i}`));
      expect(down).toEqual(Array.from({ length: 40 }, (_, i) => `down ${i}`));
      expect(talk.proxy.counters.cuts).toBeGreaterThan(0);
    });

    it('[SN-30] an awaited send before `open` settles too, in its place', async () => {
      const up: unknown[] = [];
      talk = await Dialogue.start({
        onSession: (session) => {
          session.onMessage = (data) => void up.push(data);
        },
      });
      const client = talk.client(name);
      client.send('1');
      const second = client.send('2', { until: 'peer' });
      client.send('3');
      await second;
      await client.send('4', { until: 'server' });
      await until(() => up.length === 4);
      expect(up).toEqual(['1', '2', '3', '4']);
    });

    it('[SN-4.1] [SN-30.2] an awaited send is rejected with the verdict, as unknown, if the session ends before', async () => {
      talk = await Dialogue.start({
        onSession: (session) => {
          session.onMessage = () => new Promise<void>(() => undefined);
        },
      });
      const [client, session] = await talk.pair(name);
      const up = client.send('never settled', { until: 'peer' });
      const down = watch(session.send('x'.repeat(1000), { until: 'peer' }));
      await client.send('taken', { until: 'server' });
      await until(() => down.state === 'kept');
      session.end('revoked');
      await expect(up).rejects.toMatchObject({ name: 'WireError', code: 'revoked', unknown: true });
      await expect(session.send('late', { until: 'peer' })).rejects.toMatchObject({ code: 'revoked', unknown: false });
      await expect(client.send('late', { until: 'peer' })).rejects.toMatchObject({ code: 'closed', unknown: false });
    });

    it('[SN-30] an aborted send is delivered nevertheless', async () => {
      let settle = (): void => undefined;
      const up: unknown[] = [];
      talk = await Dialogue.start({
        onSession: (session) => {
          session.onMessage = (data) => {
            up.push(data);
            return new Promise<void>((done) => (settle = done));
          };
        },
      });
      const [client] = await talk.pair(name);
      const abort = new AbortController();
      const sent = client.send('continues', { until: 'peer', signal: abort.signal });
      await until(() => up.length === 1);
      abort.abort('no longer');
      await expect(sent).rejects.toMatchObject({ code: 'aborted', unknown: true, cause: 'no longer' });
      settle();
      await client.send('next', { until: 'server' });
      await until(() => up.length === 2);
      expect(up).toEqual(['continues', 'next']);
    });
  });
}
