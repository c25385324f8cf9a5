import { createWireClient, type WireClient } from '@everywire/client';
import type { WireServerOptions, WireSession } from '@everywire/server';
import { afterEach, describe, expect, it } from 'vitest';
import { bodyOf, eventually, HandCounts, type Listening, listen, openByPost, post } from './hand-client.js';

// One server process hands its sessions over, and another takes them over. Tests what the application of each observes.
// A session is frozen, written into a snapshot, and restored from it.

// All endpoints, because each costs one request and no run of its own.
const byTicket = ['event-stream', 'long-poll', 'iframe-stream', 'htmlfile-stream', 'jsonp-poll'];
const byPost = [
  ...['event-stream', 'fetch-stream', 'multipart-stream', 'xhr-stream'],
  ...['xdr-stream', 'xdr-poll', 'long-poll', 'short-poll'],
];

let client: WireClient;
const servers: Listening[] = [];
afterEach(async () => {
  client.close();
  for (const server of servers.splice(0)) await server.end();
});

/** Starts a server process. `sessions` has its opened and its restored sessions. */
async function start(
  options: Partial<WireServerOptions> = {},
  port = 0,
): Promise<Listening & { sessions: WireSession[] }> {
  const sessions: WireSession[] = [];
  const server = await listen(
    {
      onSession: (session) => void sessions.push(session),
      onRestore: (session) => void sessions.push(session),
      ...options,
    },
    port,
  );
  servers.push(server);
  return Object.assign(server, { sessions });
}

function connect(server: Listening): void {
  client = createWireClient(server.base, { transports: ['websocket'] });
}

/** Ends a server process and returns its port, for the next process. */
async function end(server: Listening): Promise<number> {
  servers.splice(servers.indexOf(server), 1);
  await server.end();
  return server.port;
}

/** Returns the session once both ends know it. A client that does not know it yet would open another one. */
const confirmed = (server: Listening): Promise<WireSession> =>
  eventually(() => client.readyState === 1 && server.wire.sessions().find(({ transport }) => transport !== null));

/** Sends a request of each kind in the name of a session. Returns what a client can read of each answer. */
async function askEverywhere(base: string, id: string, tickets: readonly string[]): Promise<Map<string, string>> {
  const attach = { t: 'attach', id, n: 1, instance: 1, ...new HandCounts().block };
  const counts = 'cb=f&n=1&instance=1&ack=0&received=0&seen=0&sent=0&sum=0';
  const form = (body: string): Promise<Response> =>
    fetch(`${base}/form-post`, { method: 'POST', body: `d=${body}`, headers: { 'content-type': 'text/plain' } });
  const asked = new Map<string, Promise<Response>>();
  for (const name of ['ticket', ...byPost]) asked.set(`POST ${name}`, post(`${base}/${name}`, attach));
  for (const name of ['up', 'xdr-up']) asked.set(`POST ${name}`, post(`${base}/${name}`, bodyOf(id)));
  for (const [at, name] of byTicket.entries())
    asked.set(`GET ${name}`, fetch(`${base}/${name}?ticket=${tickets[at]}&${counts}`));
  asked.set('form up', form(`${JSON.stringify(bodyOf(id))}\n`));
  asked.set('form ticket', form(`${JSON.stringify(attach)}\n`));
  const read = async (response: Response): Promise<string> =>
    response.status === 200 ? await response.text() : String(response.status);
  return new Map(
    await Promise.all([...asked].map(async ([name, answer]) => [name, await read(await answer)] as const)),
  );
}

it.each(['frozen', 'moved'])(
  '[SN-24.8] each request of a %s session is answered 503 until the listener ends',
  async (state) => {
    const one = await start({
      jsonp: true,
      onSession: (session) => {
        session.onMessage = () => handled;
      },
    });
    let finish: () => void = () => undefined;
    const handled = new Promise<void>((resolve) => {
      finish = resolve;
    });
    connect(one);
    await confirmed(one);
    const id = await openByPost(one.base);
    const attach = { t: 'attach', id, n: 1, instance: 1, ...new HandCounts().block };
    await post(`${one.base}/up`, bodyOf(id));
    const tickets: string[] = [];
    for (const _ of byTicket) tickets.push((await (await post(`${one.base}/ticket`, attach)).json()).ticket);
    client.send('its handler holds up the freeze');
    await eventually(() => one.wire.sessions().length === 2);
    const freezing = one.wire.freeze();
    if (state === 'moved') {
      finish();
      await freezing;
    }
    const answers = await askEverywhere(one.base, id, tickets);
    // An XDomainRequest cannot read a status.
    const isFrozen = (answer: string): boolean => answer === '503' || answer.includes('"code":"frozen"');
    expect([...answers].filter(([, answer]) => !isFrozen(answer))).toEqual([]);
    finish();
    await freezing;
  },
);

describe('a restored session', () => {
  it("[SN-24.4] a restored session has its topics with their join info, its claims, and the application's state", async () => {
    const claims = { subject: 'ann', credential: 'c', tags: ['a'] };
    const one = await start({ authenticate: () => claims, onFreeze: () => ({ read: 7 }) });
    connect(one);
    (await confirmed(one)).join('room', { info: { seat: 3 } });
    const frozen = await one.wire.freeze();
    expect(one.wire.sessions()).toEqual([]);
    const states: unknown[] = [];
    const two = await start({ onRestore: (_session, state) => states.push(state) });
    expect(two.wire.restore(frozen, { awayMs: 10 })).toBe(1);
    expect(two.wire.members('room').members).toMatchObject([{ claims, info: { seat: 3 } }]);
    expect(states).toEqual([{ read: 7 }]);
  });

  it('[SN-24.3] a restored session delivers messages sent while it was frozen after those sent before', async () => {
    const one = await start();
    const arrivals: unknown[] = [];
    connect(one);
    client.addEventListener('message', ({ data }) => arrivals.push(data));
    const session = await confirmed(one);
    let finish: (() => void) | undefined;
    session.onMessage = () => new Promise((resolve) => (finish = resolve));
    client.send('takes its time');
    await eventually(() => finish);
    session.send('before');
    const freezing = one.wire.freeze();
    session.send('meanwhile');
    finish?.();
    const frozen = await freezing;
    session.send('after');
    const two = await start({}, await end(one));
    two.wire.restore(frozen, { awayMs: 0 });
    await eventually(() => arrivals.length === 2);
    expect(arrivals).toEqual(['before', 'meanwhile']);
  });

  it("[SN-24.5] [SN-31] a restored session does not take a reply to the previous process's request for one to its own", async () => {
    const one = await start();
    connect(one);
    client.onrequest = async (data) => {
      if (data === 'first') await new Promise((resolve) => setTimeout(resolve, 300));
      return `${String(data)} answered`;
    };
    const asked = (await confirmed(one)).request('first');
    asked.catch(() => undefined);
    const frozen = await one.wire.freeze();
    await expect(asked).rejects.toMatchObject({ code: 'moved', unknown: true });
    const two = await start({}, await end(one));
    two.wire.restore(frozen, { awayMs: 0 });
    const session = await confirmed(two);
    expect(await session.request('second')).toBe('second answered');
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(await session.request('third')).toBe('third answered');
  });

  it("[SN-24.13] freezing waits for the replies that clients await, and rejects the server's requests with `moved`", async () => {
    const one = await start();
    connect(one);
    (await confirmed(one)).onRequest = (data) =>
      new Promise((resolve) => data === 'soon' && setTimeout(() => resolve('here'), 200));
    const [soon, never] = [client.request('soon'), client.request('never')];
    never.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const frozen = await one.wire.freeze({ deadlineMs: 600 });
    const two = await start({}, await end(one));
    two.wire.restore(frozen, { awayMs: 0 });
    expect(await soon).toBe('here');
    await expect(never).rejects.toMatchObject({ code: 'moved' });
  });
});

describe('a snapshot', () => {
  it('[SN-24.9] [SN-24.11] a refused snapshot is reported by a notice, and its session is lost', async () => {
    const one = await start();
    connect(one);
    await confirmed(one);
    const [frozen = ''] = await one.wire.freeze();
    const two = await start({}, await end(one));
    const given = [frozen.replace('"s":', '"t":').slice(1), frozen.replace(/session-\d+/, 'session-99'), ''];
    expect(two.wire.restore(given, { awayMs: 0 })).toBe(0);
    expect(two.wire.counters()).toMatchObject({ snapshot_refused: 3 });
    expect([two.wire.restore([frozen, frozen], { awayMs: 0 }), two.wire.counters()['snapshot_refused']]).toEqual([
      1, 4,
    ]);
  });

  it('[SN-24.14] a snapshot that was away longer than a session may be silent is refused', async () => {
    const one = await start();
    connect(one);
    const closed = new Promise((resolve) => client.addEventListener('close', ({ reason }) => resolve(reason)));
    await confirmed(one);
    const frozen = await one.wire.freeze();
    const two = await start({}, await end(one));
    two.wire.restore(frozen, { awayMs: 3_600_000 });
    // Before its client may come back.
    expect(two.wire.sessions()).toEqual([]);
    expect(await closed).toBe('expired');
  });

  it('every snapshot is refused if the application has no `onRestore`', async () => {
    const one = await listen({});
    servers.push(one);
    connect(one);
    expect(() => one.wire.restore([], { awayMs: 0 })).toThrow('onRestore');
  });

  it('[SN-24.13] a session whose application state cannot be saved ends alone', async () => {
    const one = await start({
      onFreeze: () => {
        throw new Error('no');
      },
    });
    connect(one);
    await confirmed(one);
    expect(await one.wire.freeze()).toEqual([]);
    expect(one.notices).toMatchObject([{ code: 'handler_failed' }]);
  });
});
