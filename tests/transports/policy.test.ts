import type { RefusedEvent } from '@everywire/client';
import { afterEach, describe, expect, it } from 'vitest';
import { wideUnless } from '../lane.js';
import { Dialogue, oneOfEachKind, until } from './dialogue.js';

let talk: Dialogue;
afterEach(() => talk.stop());

for (const name of oneOfEachKind) {
  describe(`over ${name}, the policy`, { timeout: 60_000, tags: wideUnless(name === 'websocket') }, () => {
    it('[SN-32.1] [SN-32.3] the policy refuses single messages and requests, each reported once through cuts, and nothing else is lost', async () => {
      const up: unknown[] = [];
      talk = await Dialogue.start({
        policy: (_session, action) => {
          if (action.kind !== 'message' && action.kind !== 'request') return true;
          return /7$/.test(String(action.data)) ? 'no_sevens' : true;
        },
        onSession: (session) => {
          session.onMessage = (data) => void up.push(data);
          session.onRequest = (data) => data;
        },
      });
      const [client] = await talk.pair(name);
      const refused: unknown[] = [];
      client.addEventListener('refused', (event) => {
        const { number, code, data } = event as RefusedEvent;
        refused.push([number, code, data]);
      });
      for (let i = 1; i <= 30; i++) {
        client.send(String(i));
        if (i % 10 === 7) talk.proxy.cutNow(i === 17 ? 'end' : 'reset');
        if (i % 5 === 0) await until(() => up.length >= i - Math.ceil((i - 6) / 10));
      }
      await until(() => refused.length === 3);
      expect(up).toEqual(Array.from({ length: 30 }, (_, i) => String(i + 1)).filter((text) => !text.endsWith('7')));
      expect(refused).toEqual([
        [7, 'no_sevens', '7'],
        [17, 'no_sevens', '17'],
        [27, 'no_sevens', '27'],
      ]);
      await expect(client.request('77')).rejects.toMatchObject({ code: 'no_sevens', side: 'server', unknown: false });
      expect(await client.request('78')).toBe('78');
      expect(talk.proxy.counters.cuts).toBeGreaterThan(0);
    });

    it('[SN-30.2] [SN-32.2] a refusal of the policy rejects the promise of a send before its acknowledgement could fulfil it', async () => {
      talk = await Dialogue.start({
        policy: async (_session, action) => (action.kind === 'message' ? 'not_now' : true),
      });
      const [client] = await talk.pair(name);
      for (let i = 0; i < 5; i++) {
        const sent = client.send('?', { until: 'peer' });
        await expect(sent).rejects.toMatchObject({ code: 'not_now', side: 'server', unknown: false });
      }
      expect(client.readyState).toBe(1);
    });

    it('[SN-21] [SN-32] the policy gets the current claims, and keeps the order of what waits for it', async () => {
      let late = (_answer: true | string): void => undefined;
      const up: unknown[] = [];
      talk = await Dialogue.start({
        authenticate: () => ({ subject: 'ann' }),
        policy: (session, action) => {
          if (session.claims.subject !== 'ann') return 'stranger';
          return action.kind === 'message' && action.data === 'asked' ? new Promise((done) => (late = done)) : true;
        },
        onSession: (session) => {
          session.onMessage = (data) => void up.push(data);
        },
      });
      const [client] = await talk.pair(name);
      client.send('asked');
      client.send('behind');
      await client.send('last', { until: 'server' });
      expect(up).toEqual([]);
      late(true);
      await until(() => up.length === 3);
      expect(up).toEqual(['asked', 'behind', 'last']);
    });
  });
}

describe('the policy', () => {
  it('[SN-32] a policy that fails or returns nothing rejects everything, and harms no session', async () => {
    const notices: string[] = [];
    const answers: (() => unknown)[] = [
      () => {
        throw new Error('of the application');
      },
      async () => Promise.reject(new Error('of the application')),
      () => undefined,
    ];
    talk = await Dialogue.start({
      policy: () => (answers.shift() ?? (() => true))() as true,
      onNotice: ({ code }) => notices.push(code),
    });
    const [client, session] = await talk.pair('websocket');
    session.onMessage = () => undefined;
    const codes: string[] = [];
    client.addEventListener('refused', (event) => codes.push((event as RefusedEvent).code));
    for (let i = 0; i < 3; i++) client.send('?');
    await client.send('!', { until: 'peer' });
    expect(codes).toEqual(['internal', 'internal', 'refused']);
    expect(notices).toEqual(['policy_failed']);
  });

  it('[SN-32] the policy is asked when a session publishes', async () => {
    talk = await Dialogue.start({
      policy: (_session, action) => (action.kind === 'publish' && action.topic === 'closed' ? 'read_only' : true),
    });
    const [client, session] = await talk.pair('websocket');
    const got: unknown[] = [];
    client.onmessage = ({ data }) => got.push(data);
    session.join('closed');
    session.join('open');
    await expect(session.publish('closed', 'x')).rejects.toMatchObject({ code: 'read_only' });
    // A client's value may be passed on unchecked: a list of topics is none that the policy was asked about.
    await expect(session.publish(['closed'] as never, 'x')).rejects.toMatchObject({ code: 'topic_invalid' });
    await session.publish('open', 'y');
    await until(() => got.length === 1);
    expect(got).toEqual(['y']);
  });
});
