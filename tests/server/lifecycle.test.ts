import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createWireServer, type WireServer, type WireSession } from '@everywire/server';
import express from 'express';
import fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { bodyOf, eventually, HandClient, HandCounts, listen, openByPost, post } from './hand-client.js';

describe('close', () => {
  it('[SN-4.6] [TR-20.2] close delivers accepted messages, waits for their acknowledgement, and then ends every link', async () => {
    const opened: WireSession[] = [];
    const verdicts: unknown[] = [];
    const server = await listen({
      onSession: (session) => {
        opened.push(session);
        session.onClose = (verdict) => verdicts.push(verdict);
      },
    });
    const client = await HandClient.join(server.port);
    for (let i = 0; i < 10; i++) opened[0]?.send(String(i));
    const closed = server.wire.close({ deadlineMs: 5_000 });
    await eventually(() => client.records.find((record) => record['last'] === 10));
    client.counts.ack = client.counts.received;
    client.record({ t: 'ack', ...client.counts.block, last: 0 });
    await closed;
    expect(client.got).toHaveLength(10);
    // Everything was delivered, and still it is not the end that `session.close()` causes.
    expect(await client.heard('closed')).toMatchObject({ clean: true, code: 'shutdown' });
    expect(await client.closed()).toBe(1000);
    expect(verdicts).toEqual([{ clean: true, code: 'shutdown', acknowledged: 10, sent: 10, unknown: 0 }]);
    await server.end();
  });

  it('[TR-20.2] close keeps the verdict of a session that the application had closed before', async () => {
    const verdicts: unknown[] = [];
    const server = await listen({
      onSession: (session) => {
        session.onClose = ({ clean, code }) => verdicts.push([clean, code]);
        session.close();
      },
    });
    const client = await HandClient.join(server.port);
    const closed = server.wire.close({ deadlineMs: 5_000 });
    client.record({ t: 'ack', ...client.counts.block, last: 0 });
    await closed;
    expect(verdicts).toEqual([[true, 'closed']]);
    await server.end();
  });

  it('[TR-20.3] [TR-20.5] [SN-14.7] close makes a client with an unconfirmed session open it again elsewhere', async () => {
    const server = await listen();
    // This link keeps the server from stopping before the request arrives.
    const idle = await HandClient.join(server.port);
    const id = await openByPost(server.base);
    const closed = server.wire.close({ deadlineMs: 20_000 });
    const up = await post(`${server.base}/up`, bodyOf(id));
    expect(await up.json()).toEqual({ t: 'closed', clean: false, code: 'unconfirmed', ack: 0, instance: 1 });
    idle.record({ t: 'ack', ...idle.counts.block, last: 0 });
    await closed;
    await server.end();
  });

  it('[TR-20.6] close waits for a client between two polls by script elements, whose next poll gets its messages', async () => {
    const opened: WireSession[] = [];
    const server = await listen({ jsonp: true, onSession: (session) => void opened.push(session) });
    const id = await openByPost(server.base);
    const attach = { t: 'attach', id, n: 1, instance: 1, ...new HandCounts().block };
    await post(`${server.base}/up`, bodyOf(id));
    opened[0]?.send('the last message');
    let isClosed = false;
    const closed = server.wire.close({ deadlineMs: 20_000 }).then(() => {
      isClosed = true;
    });
    const ticket = (await (await post(`${server.base}/ticket`, attach)).json()).ticket;
    const counts = 'n=1&instance=1&ack=0&received=0&seen=0&sent=0&sum=0';
    const script = await (await fetch(`${server.base}/jsonp-poll?cb=f&ticket=${ticket}&${counts}`)).text();
    expect(script).toContain('the last message');
    expect(isClosed).toBe(false);
    const done = new HandCounts();
    done.took('the last message');
    done.ack = 1;
    const verdict = await (await post(`${server.base}/up`, bodyOf(id, { ...done.block, last: 0 }))).json();
    expect(verdict).toMatchObject({ t: 'closed', clean: true, code: 'shutdown' });
    await closed;
    await server.end();
  });

  it('[TR-20.5] [TR-20.6] close waits until its deadline for a client between two polls that never returns', async () => {
    const server = await listen();
    const id = await openByPost(server.base);
    await post(`${server.base}/up`, bodyOf(id));
    const begun = performance.now();
    await server.wire.close({ deadlineMs: 100 });
    expect(performance.now() - begun).toBeGreaterThan(90);
    expect(server.wire.sessions()).toEqual([]);
    await server.end();
  });

  it('[SN-4.12] [TR-20.5] close gives up at the deadline and reports how many messages are unknown', async () => {
    const verdicts: unknown[] = [];
    const server = await listen({
      onSession: (session) => {
        session.onClose = (verdict) => verdicts.push(verdict);
        session.send('never acknowledged');
      },
    });
    const client = await HandClient.join(server.port);
    await server.wire.close({ deadlineMs: 60 });
    expect(verdicts).toEqual([{ clean: false, code: 'shutdown', acknowledged: 0, sent: 1, unknown: 1 }]);
    await client.closed();
    await server.end();
  });

  it('[TR-17.2] [TR-20.1] [TR-20.4] close admits no one in the meantime, ends links without a session, and leaves the HTTP server alone', async () => {
    const server = await listen();
    const idle = new HandClient(server.port);
    await idle.opened();
    const client = await HandClient.join(server.port);
    const closed = server.wire.close({ deadlineMs: 20_000 });
    expect(await idle.closed()).toBe(1001);
    expect(
      await (await post(`${server.base}/open`, { t: 'open', version: 2, nonce: 'one that comes late' })).json(),
    ).toMatchObject({
      t: 'refused',
      code: 'closing',
    });
    const late = new HandClient(server.port);
    expect(await late.closed()).toBe(1006);
    client.record({ t: 'ack', ...client.counts.block, last: 0 });
    await closed;
    expect(server.wire.close()).toBeInstanceOf(Promise);
    await client.closed();
    expect(server.http.listening).toBe(true);
    server.http.on('request', (_request, response) => response.end('theirs'));
    expect(await (await fetch(`${server.base}/up`)).text()).toBe('theirs');
    await server.end();
  });
});

describe('sessions without a link', () => {
  it('[SN-14.6] an unconfirmed session ends after its time, without effect', async () => {
    const opened: WireSession[] = [];
    const server = await listen({ limits: { unconfirmedMs: 60 }, onSession: (session) => void opened.push(session) });
    const id = await openByPost(server.base);
    const ask = (): Promise<Response> =>
      post(`${server.base}/ticket`, { t: 'attach', id, n: 1, instance: 1, ...new HandCounts().block });
    expect(await (await ask()).json()).toMatchObject({ t: 'ticket' });
    await eventually(() => server.wire.sessions().length === 0);
    const up = await post(`${server.base}/up`, bodyOf(id));
    expect(await up.json()).toEqual({ t: 'closed', clean: false, code: 'unconfirmed', ack: 0, instance: 1 });
    expect(opened).toEqual([]);
    await server.end();
  });

  it('[SN-14.14] early messages are handled immediately where handlers are idempotent', async () => {
    const arrivals: (string | Uint8Array)[] = [];
    const server = await listen({
      idempotent: true,
      onSession: (session) => {
        session.onMessage = (data) => void arrivals.push(data);
      },
    });
    const open = { t: 'open', version: 2, nonce: 'one of a test, once', first: 1, count: 1, m: ['early'] };
    expect(await (await post(`${server.base}/open`, open)).json()).toMatchObject({ t: 'opened', received: 1 });
    expect(arrivals).toEqual(['early']);
    await server.end();
  });

  it('[R8] a session revoked before it is confirmed is never opened', async () => {
    const opened: WireSession[] = [];
    const server = await listen({
      authenticate: ({ token }) => ({ subject: 'ann', credential: token ?? '' }),
      onSession: (session) => void opened.push(session),
    });
    const open = await post(`${server.base}/open`, {
      t: 'open',
      version: 2,
      nonce: 'one of a test, once',
      token: 'stolen',
    });
    const { id } = (await open.json()) as { id: string };
    for (const session of server.wire.sessions((claims) => claims.credential === 'stolen')) session.end('revoked');
    const up = await post(`${server.base}/up`, bodyOf(id));
    expect(await up.json()).toMatchObject({ t: 'closed', clean: false, code: 'revoked' });
    expect(opened).toEqual([]);
    await server.end();
  });

  it('[SN-15.21] a silent session expires, and its verdict is forgotten after its time', async () => {
    const verdicts: { code: string }[] = [];
    const server = await listen({
      limits: { lifeMs: 600, heartbeatMs: 200, heartbeatHiddenMs: 200, tombstoneMs: 50 },
      onSession: (session) => {
        session.onClose = (verdict) => verdicts.push(verdict);
      },
    });
    const client = await HandClient.join(server.port);
    const { id } = client;
    client.socket.terminate();
    await eventually(() => verdicts.length === 1);
    expect(verdicts[0]).toMatchObject({ clean: false, code: 'expired' });
    const up = async (): Promise<unknown> => (await post(`${server.base}/up`, bodyOf(id))).json();
    let last: unknown;
    const poll = setInterval(() => void up().then((answer) => (last = answer)), 50);
    await eventually(() => JSON.stringify(last) === '{"t":"refused","code":"unknown","instance":1}');
    clearInterval(poll);
    await server.end();
  });
});

describe('a transport server next to a framework', () => {
  /** Checks that the framework answers its own paths, and gets no request for the transport server. */
  async function expectBothServed(http: Server, wire: WireServer): Promise<void> {
    const { port } = http.address() as AddressInfo;
    const base = `http://127.0.0.1:${port}`;
    const client = await HandClient.join(port);
    await eventually(() => client.got.length === 1);
    expect(await (await fetch(`${base}/everywire-not`)).text()).toBe('theirs');
    expect((await fetch(`${base}/everywire/up`)).status).toBe(405);
    expect(await openByPost(`${base}/everywire`)).toMatch(/^[\w-]{22}[.]/);
    await wire.close({ deadlineMs: 1 });
    http.closeAllConnections();
  }

  it('Fastify and a transport server share an HTTP server', async () => {
    const app = fastify();
    app.get('/everywire-not', async () => 'theirs');
    const wire = createWireServer({ onSession: (session) => void session.send('hello') });
    wire.attach(app.server);
    await app.listen({ port: 0, host: '127.0.0.1' });
    await expectBothServed(app.server, wire);
    await app.close();
  });

  it('Express and a transport server share an HTTP server', async () => {
    const app = express();
    app.get('/everywire-not', (_request, response) => void response.send('theirs'));
    const http = app.listen(0, '127.0.0.1');
    const wire = createWireServer({ onSession: (session) => void session.send('hello') });
    wire.attach(http);
    await once(http, 'listening');
    await expectBothServed(http, wire);
    http.close();
  });

  it('a transport server serves several HTTP servers, and several of them serve one', async () => {
    const first = createWireServer({ path: '/one', onSession: () => undefined });
    const second = createWireServer({ path: '/two', onSession: () => undefined });
    const servers = [createServer(), createServer()];
    for (const http of servers) {
      first.attach(http);
      second.attach(http);
      http.listen(0, '127.0.0.1');
      await once(http, 'listening');
      for (const path of ['/one', '/two']) {
        const base = `http://127.0.0.1:${(http.address() as AddressInfo).port}${path}`;
        expect(await openByPost(base)).toMatch(/^[\w-]{22}[.]/);
      }
    }
    await Promise.all([first.close({ deadlineMs: 1 }), second.close({ deadlineMs: 1 })]);
    for (const http of servers) {
      http.closeAllConnections();
      http.close();
    }
  });
});

describe('the path', () => {
  it('a server can have a path of several parts', async () => {
    const server = await listen({ path: '/apps/chat.v2/wire' });
    expect(await openByPost(`http://127.0.0.1:${server.port}/apps/chat.v2/wire`)).toMatch(/^[\w-]{22}[.]/);
    await server.end();
  });
});

describe('handlers', () => {
  it("[SN-6.1] a handler's return value that is not a promise counts as done", async () => {
    const server = await listen({
      onSession: (session) => {
        // As a one-line handler in JavaScript: `send` returns a boolean.
        session.onMessage = ((data: string) => session.send(data)) as (data: string | Uint8Array) => void;
      },
    });
    const client = await HandClient.join(server.port);
    client.send('one');
    client.send('two');
    await eventually(() => client.got.length === 2);
    expect(server.notices).toEqual([]);
    await server.end();
  });
});
