import type { WireSession } from '@everywire/server';
import { afterEach, describe, expect, it } from 'vitest';
import { Dialogue, until } from './dialogue.js';

let talk: Dialogue;
afterEach(() => talk.stop());

const notices: { readonly code: string; readonly text: string }[] = [];
const onNotice = (notice: { readonly code: string; readonly text: string }): void => void notices.push(notice);
const codes = (): string[] => notices.map(({ code }) => code);
afterEach(() => void notices.splice(0));

/** Creates a promise that the test settles. */
function gate(): { readonly passed: Promise<void>; open(): void; break(error: Error): void } {
  let open = (): void => undefined;
  let fail = (_error: Error): void => undefined;
  const passed = new Promise<void>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  return { passed, open: () => open(), break: (error) => fail(error) };
}

describe.each(['websocket', 'long-poll'] as const)(
  'over %s, an asynchronous onSession',
  { timeout: 60_000 },
  (name) => {
    it('an asynchronous onSession is awaited before a message or request is delivered, and loses none', async () => {
      const ready = gate();
      const got: unknown[] = [];
      talk = await Dialogue.start({
        onNotice,
        onSession: async (session) => {
          await ready.passed;
          session.onMessage = (data) => void got.push(data);
          session.onRequest = (data) => `re: ${data}`;
        },
      });
      const client = talk.client(name);
      const sent = [client.send('a', { until: 'peer' }), client.send('b', { until: 'peer' })];
      const asked = client.request('c');
      await client.send('d', { until: 'server' });
      expect(got).toEqual([]);
      ready.open();
      expect(await asked).toBe('re: c');
      await Promise.all(sent);
      await until(() => got.length === 3);
      expect([got, codes()]).toEqual([['a', 'b', 'd'], []]);
    });

    it('an onSession that rejects ends its session with `internal`, and a notice names the place', async () => {
      const ready = gate();
      talk = await Dialogue.start({ onNotice, onSession: () => ready.passed });
      const [client] = await talk.pair(name);
      const closed = new Promise<CloseEvent>((resolve) => client.addEventListener('close', resolve));
      ready.break(new Error('the database is away'));
      expect(await closed).toMatchObject({ reason: 'internal', wasClean: false });
      expect(codes()).toEqual(['handler_failed']);
      expect(talk.wire.counters()).toEqual({ handler_failed: 1 });
    });

    it('an onSession in progress still gets an end that came before it had settled', async () => {
      const ready = gate();
      const ends: string[] = [];
      talk = await Dialogue.start({
        onSession: async (session) => {
          await ready.passed;
          session.onTransport = () => ends.push('transport');
          session.onClose = ({ code }) => ends.push(code);
        },
      });
      const [client, session] = await talk.pair(name);
      session.end('of_the_test');
      await until(() => client.readyState === 3);
      expect(ends).toEqual([]);
      ready.open();
      await until(() => ends.length > 0);
      expect(ends).toEqual(['of_the_test']);
    });
  },
);

describe('a session without onMessage', { timeout: 60_000 }, () => {
  it('a session without onMessage keeps messages unacknowledged, reports it to the operator, and delivers them to a handler set later', async () => {
    const got: unknown[] = [];
    talk = await Dialogue.start({ onNotice, onSession: () => undefined });
    const [client, session] = await talk.pair('websocket');
    let settled = false;
    const sent = client.send('a', { until: 'peer' }).then(() => {
      settled = true;
    });
    await client.send('b', { until: 'server' });
    expect([settled, client.bufferedAmount, codes()]).toEqual([false, 2, ['no_message_handler']]);
    session.onMessage = (data) => void got.push(data);
    // Never within the assignment: the lines after it have not run.
    expect(got).toEqual([]);
    await sent;
    await until(() => got.length === 2);
    expect(got).toEqual(['a', 'b']);
  });

  it('a session without onMessage holds at most the window', async () => {
    talk = await Dialogue.start({
      limits: { up: { messages: 20, bytes: 1 << 20 } },
      onSession: () => undefined,
    });
    const [client, session] = await talk.pair('websocket');
    for (let number = 0; number < 19; number += 1) client.send(String(number));
    await client.send('19', { until: 'server' });
    for (let number = 20; number < 31; number += 1) client.send(String(number));
    expect(client.readyState).toBe(1);
    const got: unknown[] = [];
    session.onMessage = (data) => void got.push(data);
    await until(() => got.length === 31);
    expect(got).toEqual(Array.from({ length: 31 }, (_, number) => String(number)));
  });

  it('a session without onMessage still refuses what the policy rejects', async () => {
    talk = await Dialogue.start({ onNotice, policy: () => 'read_only', onSession: () => undefined });
    const [client] = await talk.pair('websocket');
    await expect(client.send('a', { until: 'peer' })).rejects.toMatchObject({ code: 'read_only' });
    expect(codes()).toEqual([]);
  });

  it('a session without onMessage still answers requests', async () => {
    talk = await Dialogue.start({
      onNotice,
      onSession: (session: WireSession) => {
        session.onRequest = () => 'reply';
      },
    });
    const [client] = await talk.pair('websocket');
    expect(await client.request('asked')).toBe('reply');
    expect(codes()).toEqual([]);
  });
});
