import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createWireClient, type WireClient } from '@everywire/client';
import { createRecordedWireClient } from '@everywire/client/recorder';
import {
  createWireServer,
  type RecordedEntry,
  type ServerRecording,
  type SessionRecording,
  type WireServer,
  type WireServerOptions,
} from '@everywire/server';
import { afterEach, describe, expect, it } from 'vitest';
import { differenceOf, replay } from '../simulation/session/replay/replay.js';

// A recording lists the inputs and outputs of a session, for the analysis of an error. The claims of a token decide whether a
// session is recorded.

/** The most bytes that a recording takes in memory, as documented. */
const bytesMax = 64_000;

let http: Server;
let wire: WireServer;
const clients: WireClient[] = [];

/** Starts a server and returns its address. */
async function serve(options: Partial<WireServerOptions>): Promise<string> {
  http = createServer();
  wire = createWireServer({ onSession: () => undefined, ...options });
  wire.attach(http);
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}/everywire`;
}

/** Creates a client with the name as its token. */
function connect(url: string, name: string, transport: 'websocket' | 'long-poll' = 'websocket'): WireClient {
  const client = createWireClient(url, { token: async () => name, transports: ['websocket', 'long-poll'] });
  if (transport === 'long-poll') client.use(transport);
  clients.push(client);
  return client;
}

/** Records the sessions of clients whose name begins with `rec`. */
const recorded: WireServerOptions['authenticate'] = ({ token = '' }) => ({
  subject: token,
  recorded: token.startsWith('rec'),
  expiresAt: Date.now() + 3_600_000,
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.terminate();
  await wire.close({ deadlineMs: 0 });
  http.closeAllConnections();
  await new Promise((done) => http.close(done));
});

const only = (): ServerRecording => (wire.recordings()[0] as SessionRecording).recording;
const namesOf = (entries: readonly RecordedEntry[]): readonly (string | undefined)[] =>
  entries.map((entry) => entry.in ?? entry.out);
const ended = (client: WireClient): Promise<unknown> => new Promise((done) => client.addEventListener('close', done));

describe('a recording of a session at a server', () => {
  it('a recording at a server has the links, records and verdict of a session without contents, and replays', async () => {
    const url = await serve({
      authenticate: recorded,
      onSession: (session) => {
        session.join('room of secrets');
        session.onRequest = (asked) => `reply to ${asked}`;
        session.onMessage = async (data) => {
          session.send(`echo of ${data}`);
          wire.publish('room of secrets', `news of ${data}`, { conflate: 'key of secrets' });
          await Promise.resolve();
          void session.send(`promise of ${data}`, { until: 'peer' });
        };
      },
    });
    const client = connect(url, 'recorded ann');
    const received: unknown[] = [];
    client.onmessage = ({ data }) => received.push(data);
    client.send('the secret of ann');
    expect(await client.request('a secret question')).toBe('reply to a secret question');
    client.use('long-poll');
    await new Promise<void>((done) => {
      client.addEventListener('statuschange', () => client.transport === 'long-poll' && done());
    });
    client.send('the secret of ann, by poll');
    await expect.poll(() => received.length, { timeout: 20_000 }).toBe(6);
    client.close();
    await ended(client);
    await expect.poll(() => namesOf(only().entries), { timeout: 20_000 }).toContain('ended');

    const recording = only();
    const text = JSON.stringify(recording);
    for (const secret of ['secret', 'recorded ann', 'reply', 'echo', 'promise', 'news'])
      expect(text).not.toContain(secret);
    const links = recording.entries.filter(({ kind }) => kind !== undefined).map(({ transport }) => transport);
    expect(links[0]).toBe('websocket');
    expect(links).toContain('long-poll');
    expect(recording.entries.some(({ depth = 0 }) => depth > 0)).toBe(true);
    expect(recording.entries.findLast(({ out }) => out === 'ended')!.with).toMatchObject([{ clean: true }]);
    expect(differenceOf(recording, replay(recording))).toBe(null);
  });

  it('a recording shows where a replay differs from it', async () => {
    const url = await serve({ authenticate: recorded });
    const client = connect(url, 'recorded ann');
    client.send('hello');
    await expect.poll(() => namesOf(only()?.entries ?? [])).toContain('linkMessage');
    const recording = only();
    const without = recording.entries.filter((entry) => entry.in !== 'linkMessage');
    expect(differenceOf(recording, replay({ ...recording, entries: without }))).toContain('linkMessage');
  });

  it('only sessions whose claims ask for it are recorded', async () => {
    const url = await serve({ authenticate: recorded });
    const clientsOf = ['ann', 'recorded bea'].map((name) => connect(url, name));
    await Promise.all(clientsOf.map((client) => client.send('hello', { until: 'server' })));
    expect(wire.recordings().map(({ session }) => session.claims.subject)).toEqual(['recorded bea']);
    expect(wire.recordings((claims) => claims.subject === 'ann')).toEqual([]);
  });

  it('the oldest recordings are dropped when there are too many', async () => {
    const url = await serve({ authenticate: recorded, limits: { recordingsMax: 2 } });
    for (const name of ['recorded 1', 'recorded 2', 'recorded 3'])
      await connect(url, name).send('hello', { until: 'server' });
    expect(wire.recordings().map(({ session }) => session.claims.subject)).toEqual(['recorded 2', 'recorded 3']);
  });

  // When the collector frees something is up to it, so `npm test` does not wait for it.
  it('a recording does not retain an ended session or its machine', { tags: ['wide'] }, async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const held: WeakRef<object>[] = [];
    const url = await serve({
      authenticate: recorded,
      // The verdict kept for a client holds the machine until another one replaces it.
      limits: { verdictsMax: 1 },
      onSession: (session) => {
        held.push(new WeakRef(session), new WeakRef((session as unknown as { readonly machine: object }).machine));
      },
    });
    for (const name of ['recorded ann', 'bea']) {
      const client = connect(url, name);
      await client.send('hello', { until: 'server' });
      client.close();
      await ended(client);
    }
    await expect
      .poll(
        () => {
          collect();
          return held.slice(0, 2).map((one) => one.deref() === undefined);
        },
        { timeout: 60_000 },
      )
      .toEqual([true, true]);
    expect(wire.recordings().map(({ session }) => session.claims.subject)).toEqual(['recorded ann']);
    expect(namesOf(only().entries)).toContain('ended');
    expect(differenceOf(only(), replay(only()))).toBe(null);
  });

  it('a recording keeps its beginning and its end within its limit, and replays as far as it is complete', async () => {
    const url = await serve({ authenticate: recorded, onSession: (session) => (session.onMessage = () => undefined) });
    const client = connect(url, 'recorded ann');
    for (let k = 0; k < 400; k += 1) await client.send('a message', { until: 'server' });
    client.close();
    await ended(client);
    await expect.poll(() => namesOf(only().latest), { timeout: 20_000 }).toContain('ended');
    const recording = only();
    expect(recording.dropped).toBeGreaterThan(0);
    expect(JSON.stringify(recording.entries).length + JSON.stringify(recording.latest).length).toBeLessThan(bytesMax);
    expect(differenceOf(recording, replay(recording))).toBe(null);
  });
});

describe('a recording of a session at a client', () => {
  it('a recording at a client has both stages, the links and the verdict without contents, and replays', async () => {
    const url = await serve({
      authenticate: recorded,
      onSession: (session) => {
        session.onRequest = (asked) => `reply to ${asked}`;
        session.onMessage = (data) => {
          session.send(`echo of ${data}`);
        };
      },
    });
    const transports = ['websocket', 'long-poll'] as const;
    const one = createRecordedWireClient(url, { token: async () => 'the token of ann', transports });
    const { client } = one;
    clients.push(client);
    const received: unknown[] = [];
    client.onmessage = ({ data }) => {
      received.push(data);
      if (received.length === 1) client.send('the secret that follows');
    };
    client.send('the secret of ann');
    expect(await client.request('a secret question')).toBe('reply to a secret question');
    client.use('long-poll');
    await expect.poll(() => client.transport, { timeout: 20_000 }).toBe('long-poll');
    client.send('the secret of ann, by poll');
    await expect.poll(() => received.length, { timeout: 20_000 }).toBe(3);
    client.close();
    await ended(client);

    const { recording } = one;
    expect(JSON.stringify(recording)).not.toMatch(/secret|token of ann|reply|echo/);
    expect(namesOf(recording.entries)).toEqual(expect.arrayContaining(['create', 'start', 'adopt', 'switchTo']));
    const links = recording.entries.filter(({ out }) => out === 'connect').map(({ transport }) => transport);
    expect(links).toEqual(expect.arrayContaining(['websocket', 'long-poll', null]));
    expect(recording.entries.some(({ depth = 0 }) => depth > 0)).toBe(true);
    expect(recording.entries.findLast(({ out }) => out === 'ended')!.with).toMatchObject([{ clean: true }]);
    expect(differenceOf(recording, replay(recording))).toBe(null);
  });

  it('a recording shows why a session never began', async () => {
    const url = await serve({});
    const one = createRecordedWireClient(url, { token: () => Promise.reject(new Error('signed out')) });
    clients.push(one.client);
    await ended(one.client);
    expect(namesOf(one.recording.entries)).toEqual(['create', 'nonce', 'fail', 'ended']);
    expect(differenceOf(one.recording, replay(one.recording))).toBe(null);
  });
});
