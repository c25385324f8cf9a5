import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type ClassicServer, createClassicServer, createEchoServer } from './classic-server.js';
import { anchorOf } from './document-page.js';
import { examples } from './examples.js';
import { type ClassicOptions, readOptions } from './options.js';

let server: ClassicServer;
afterEach(() => {
  server.close();
  server.http.closeAllConnections();
});

async function listen(created: ClassicServer): Promise<number> {
  server = created;
  server.http.listen(0, '127.0.0.1');
  await once(server.http, 'listening');
  return (server.http.address() as AddressInfo).port;
}

/** Starts a server and returns its address. */
async function start(options: Partial<ClassicOptions> = {}): Promise<string> {
  const port = await listen(
    createClassicServer({ ...(readOptions([], {}) as ClassicOptions), intervalMs: 10, ...options }),
  );
  return `http://127.0.0.1:${port}`;
}

it('/time answers immediately, or with the next news', async () => {
  const quick = await start({ intervalMs: 60_000 });
  expect(await (await fetch(`${quick}/time`)).text()).toMatch(/^\d{4}-\d\d-\d\dT/);
  server.close();
  const held = await start({ intervalMs: 60_000, variants: new Set(['long-polling']) });
  const answer = fetch(`${held}/time`);
  // The request is held, so a later one is answered first.
  expect(await Promise.race([answer, fetch(`${held}/jsonp?cb=a`).then(() => 'another')])).toBe('another');
  server.close();
  expect((await answer).status).toBe(200);
});

it('cuts a connection on which more is asked than is answered', async () => {
  const { port } = new URL(await start({ intervalMs: 60_000, variants: new Set(['long-polling']) }));
  const socket = connect(Number(port), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write('GET /time HTTP/1.1\r\nHost: classic\r\n\r\n'.repeat(100));
  await once(socket, 'close');
});

it('/stream writes ten lines and ends', async () => {
  const answer = await fetch(`${await start()}/stream`);
  expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  const lines = (await answer.text()).split('\n');
  expect(lines.map((line) => /^message (\d+), /.exec(line)?.[1])).toEqual([
    '1',
    '2',
    '3',
    '4',
    '5',
    '6',
    '7',
    '8',
    '9',
    '10',
    undefined,
  ]);
});

it.each([
  ['parent.process', []],
  ['parent.callback.process', ['htmlfile']],
] as const)('/htmlfile calls %s', async (call, variants) => {
  const document = await (await fetch(`${await start({ variants: new Set(variants) })}/htmlfile`)).text();
  expect(document.split(`<script>${call}('message `)).toHaveLength(11);
});

it('/evt may be read from every origin, and continues after Last-Event-ID', async () => {
  const base = await start();
  const answer = await fetch(`${base}/evt`, { headers: { 'Last-Event-ID': '10' } });
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  const events = (await answer.text()).split('\n\n').slice(0, -1);
  expect(events[0]).toBe('retry: 10');
  expect(events.slice(1).map((event) => /^id: (\d+)\ndata: message \1, /.exec(event)?.[1])).toEqual(
    Array.from({ length: 10 }, (_, index) => String(index + 11)),
  );
});

it('/cors may be read from the one origin that is set', async () => {
  const answer = await fetch(`${await start({ origin: 'http://a.test' })}/cors`, { method: 'OPTIONS' });
  expect(answer.headers.get('access-control-allow-origin')).toBe('http://a.test');
});

it('/jsonp calls the named function, and rejects an invalid name', async () => {
  const base = await start();
  expect(await (await fetch(`${base}/jsonp?cb=page.show$`)).text()).toMatch(/^page\.show\$\("\d.*"\);$/);
  const wrong = ['', 'a(1)', 'a..b', '1a', 'a b', 'alert;x', 'a'.repeat(129)];
  const answers = await Promise.all(wrong.map((name) => fetch(`${base}/jsonp?cb=${encodeURIComponent(name)}`)));
  expect(answers.map(({ status }) => status)).toEqual(wrong.map(() => 400));
});

it('an unknown path is answered by those there are, and another method by those it may be', async () => {
  const base = await start();
  const [missing, deleted] = await Promise.all([fetch(`${base}/comet`), fetch(`${base}/time`, { method: 'DELETE' })]);
  expect([missing.status, await missing.text()]).toEqual([404, expect.stringContaining('/time /stream /htmlfile')]);
  expect([deleted.status, deleted.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST, OPTIONS']);
});

it.each([
  ['beside HTTP', () => createClassicServer(readOptions([], {}) as ClassicOptions)],
  ['on a port of its own', createEchoServer],
])('the WebSocket echo %s takes any path, the first subprotocol, text and bytes', async (_where, create) => {
  const socket = new WebSocket(`ws://127.0.0.1:${await listen(create())}/any/path?x=1`, ['chat', 'superchat']);
  await once(socket, 'open');
  expect(socket.protocol).toBe('chat');
  const got: unknown[] = [];
  socket.on('message', (data, binary) => got.push(binary ? data : data.toString()));
  socket.send('你好');
  socket.send(Buffer.of(1, 2, 3));
  while (got.length < 2) await once(socket, 'message');
  expect(got).toEqual(['你好', Buffer.of(1, 2, 3)]);
  socket.terminate();
});

it('an echo that is not read stops the reading, and nothing is lost', async () => {
  const socket = new WebSocket(`ws://127.0.0.1:${await listen(createEchoServer())}/`);
  await once(socket, 'open');
  socket.pause();
  const piece = Buffer.alloc(500_000, 1);
  for (let sent = 0; sent < 100; sent += 1) socket.send(piece);
  let bytes = 0;
  socket.on('message', (data: Buffer) => (bytes += data.length));
  socket.resume();
  while (bytes < 100 * piece.length) await once(socket, 'message');
  socket.terminate();
});

it.each(['en', 'zh'] as const)('every example is explained in the documents: %s', async (language) => {
  const base = await start();
  const file = language === 'zh' ? 'docs/transports.zh.md' : 'docs/transports.md';
  const headings = readFileSync(file, 'utf8').matchAll(/^## (.*)$/gm);
  const anchors = [...headings].map(([, heading]) => anchorOf(heading ?? ''));
  for (const { section } of examples) expect(anchors).toContain(section[language]);
  const page = await (await fetch(`${base}/docs/transports?lang=${language}`)).text();
  for (const { section } of examples) expect(page).toContain(`id="${section[language]}"`);
});
