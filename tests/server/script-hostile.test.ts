import type { WireSession } from '@everywire/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bodyOf, HandClient, HandCounts, type Listening, listen, openByPost, post } from './hand-client.js';

// Hostile requests to the transports of old browsers: JSONP, forms, and documents in a frame.

/** An origin that the server allows, and one that it does not. */
const allowed = 'https://chat.example.org';
const foreign = 'https://evil.example';
const counts = new HandCounts().block;
const secret = 'secret-of-the-page-0123456789';

let server: Listening;
let honest: HandClient;
let received: (string | Uint8Array)[];
beforeEach(() => start(true));
afterEach(async () => {
  // Whatever the others do, an honest client is unaffected.
  const before = honest.got.length;
  honest.send('still there');
  await expect.poll(() => honest.got.length).toBe(before + 1);
  honest.socket.terminate();
  await server.end();
});

/** Starts an echo server with one honest client. */
async function start(jsonp: boolean): Promise<void> {
  received = [];
  server = await listen({
    jsonp,
    origins: [allowed],
    onSession: (session: WireSession) => {
      session.onMessage = (data) => {
        received.push(data);
        void session.send(data);
      };
    },
  });
  honest = await HandClient.join(server.port);
}

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${server.base}/${path}`, { headers });
const form = (fields: object, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${server.base}/form-post`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain', ...headers },
    body: `d=${JSON.stringify(fields)}\r\n`,
  });

/** Returns a ticket: a single-use replacement of a session id, for requests by GET. */
async function ticket(id?: string): Promise<string> {
  const attach = { t: 'attach', id: id ?? (await openByPost(server.base)), n: 1, instance: 1, ...counts };
  return ((await (await post(`${server.base}/ticket`, attach)).json()) as { ticket: string }).ticket;
}

/** Sends a poll that is answered immediately. */
const poll = async (cb: string, headers: Record<string, string> = {}): Promise<Response> =>
  get(`jsonp-poll?ticket=${await ticket()}&prompt=true&cb=${cb}`, headers);

/** Returns the argument that the script passes to the function. */
function argumentOf(script: string, cb: string): string {
  const match = /^\/\*\*\/([\w$.]+)\(("(?:[^"\\]|\\.)*")\);\n$/.exec(script);
  expect(match?.[1]).toBe(cb);
  return JSON.parse(match?.[2] ?? '') as string;
}

describe('JSONP', () => {
  const callbacks = [
    ...[
      '',
      'alert(1)//',
      'a%3C/script%3E',
      'a%0d%0ab',
      '__proto__',
      'a.constructor',
      'prototype.x',
      'a'.repeat(10_240),
    ],
    // CVE-2014-4671: a whole Flash file of letters and digits.
    'CWSMIKI0hCD0Up0IZUnnnnnnnnnnnnnnnnnnnUU5nnnnnn3Snn7iiudIbEAt333swW0s',
  ];

  it.each(callbacks)('[J1] [J2] [EN-23] [TR-31.2] JSONP refuses the callback %s', async (cb) => {
    const response = await get(`jsonp-poll?ticket=x&cb=${cb}`);
    expect([400, 414]).toContain(response.status);
    const text = await response.text();
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    if (cb.length > 3) expect(text).not.toContain(decodeURIComponent(cb));
    // The notice of a wrong origin must not be logged for it.
    expect(server.notices.map(({ code }) => code)).not.toContain('origin_refused');
  });

  it('[J1] [EN-23] JSONP refuses a missing callback', async () => {
    expect((await get('jsonp-poll?ticket=x')).status).toBe(400);
    expect((await get('form-answer?ticket=x')).status).toBe(400);
  });

  it('[J2] [J5] [EN-22] [TR-31.1] JSONP is a script and nothing else: a comment first, its type and charset, never cached, never shown', async () => {
    const response = await poll('a.b');
    expect(response.status).toBe(200);
    const { headers } = response;
    expect(headers.get('content-type')).toBe('text/javascript;charset=utf-8');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-disposition')).toBe('attachment; filename="answer.js"');
    expect(headers.get('cache-control')).toBe('no-store, no-transform');
    expect(headers.get('set-cookie')).toBeNull();
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
    const lines = argumentOf(await response.text(), 'a.b').split('\n');
    expect(lines.map((line) => line && (JSON.parse(line) as { t: string }).t)).toEqual(['attached', 'ticket', '']);
  });

  it('[J6] [SN-20.3] [TR-7.5] [TR-31.3] JSONP takes a ticket once, and no cookie in its place', async () => {
    const one = await ticket();
    const cookie = { cookie: 'session=of-the-victim' };
    expect(argumentOf(await (await get(`jsonp-poll?ticket=${one}&prompt=true&cb=f`, cookie)).text(), 'f')).toContain(
      'attached',
    );
    for (const spent of [one, '', 'x'])
      expect(argumentOf(await (await get(`jsonp-poll?ticket=${spent}&cb=f`, cookie)).text(), 'f')).toBe(
        '{"t":"refused","code":"ticket"}\n',
      );
  });

  it.each([
    [{ 'sec-fetch-site': 'cross-site', referer: `${foreign}/page` }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-site', referer: 'nonsense' }, 403],
    [{ 'sec-fetch-site': 'none' }, 403],
    [{ referer: `${foreign}/page` }, 403],
    [{ origin: foreign }, 403],
    [{ origin: 'null' }, 403],
    [{ 'sec-fetch-site': 'cross-site', referer: `${allowed}/` }, 200],
    [{ 'sec-fetch-site': 'same-origin' }, 200],
    [{ referer: `${allowed}/page` }, 200],
    [{}, 200],
  ])(
    '[J6] [TR-33.1] [TR-33.2] [TR-33.3] JSONP is served only to the configured origins: %j',
    async (headers, status) => {
      expect((await poll('f', headers)).status).toBe(status);
      expect((await get('form-answer?cb=f&ticket=x', headers)).status).toBe(status);
      const refused = { code: 'origin_refused', text: expect.stringContaining('"origins"') };
      expect(server.notices).toMatchObject(status === 403 ? [refused] : []);
    },
  );

  it('[J9] [TR-31.4] JSONP sends nothing by GET', async () => {
    const id = await openByPost(server.base);
    const body = encodeURIComponent(JSON.stringify(bodyOf(id, { count: 1, m: ['by GET'] })));
    expect((await get(`form-post?d=${body}`)).status).toBe(405);
    expect((await get(`up?d=${body}`)).status).toBe(405);
    const query = `ticket=${await ticket(id)}&prompt=true&cb=f&d=${body}&m=["by GET"]&first=1&count=1`;
    expect((await get(`jsonp-poll?${query}`)).status).toBe(200);
    expect((await post(`${server.base}/jsonp-poll`, { t: 'attach', id, n: 2, instance: 1, ...counts })).status).toBe(
      405,
    );
    expect(received).toEqual([]);
  });

  it('[J6] [TR-31.5] JSONP is off by default', async () => {
    honest.socket.terminate();
    await server.end();
    await start(false);
    for (const path of ['jsonp-poll?ticket=x&cb=f', 'form-answer?ticket=x&cb=f']) {
      const response = await get(path);
      expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([403, 'jsonp_off']);
    }
    expect((await form({ t: 'open', version: 2, nonce: 'one of a test, once' })).status).toBe(403);
    expect((await get('iframe-stream?ticket=x')).status).toBe(200);
  });
});

describe('a form', () => {
  it('[TR-32.2] [TR-32.3] [TR-32.4] [TR-32.5] a form opens a session, and its answer is given once to the holder of the secret', async () => {
    const response = await form({ t: 'open', version: 2, nonce: 'a nonce of a form', answer: secret, blind: true });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toBe(
      `default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self' ${allowed}`,
    );
    expect(await response.text()).not.toContain('opened');
    const answer = await (await get(`form-answer?ticket=${secret}&cb=f`)).text();
    expect(JSON.parse(argumentOf(answer, 'f'))).toMatchObject({ t: 'opened', received: 0 });
    const again = await (await get(`form-answer?ticket=${secret}&cb=f`)).text();
    expect(JSON.parse(argumentOf(again, 'f'))).toEqual({ t: 'refused', code: 'ticket' });
  });

  it('[TR-32.2] [TR-32.6] [SN-6.8] [SN-8.1] a form sends a body, and its sender gets no answer', async () => {
    const id = await openByPost(server.base);
    const response = await form(bodyOf(id, { count: 1, m: ['by a form'], blind: true }));
    expect([response.status, await response.text()]).toEqual([200, '<!doctype html><title></title>\n']);
    await expect.poll(() => received).toEqual(['by a form']);
  });

  it.each([
    ['no field', '{"t":"open","nonce":"one of a test, once"}'],
    ['another field', 'x={"t":"open","nonce":"one of a test, once"}'],
    ['percent signs', 'd=%7B%22t%22%3A%22open%22%7D'],
    ['no JSON', 'd=hello'],
    ['more than ASCII', 'd={"t":"open","nonce":"é one of a test, once"}'],
    ['a secret that can be guessed', 'd={"t":"open","nonce":"one of a test, once","answer":"x"}'],
    ['markup', 'd={"t":"open","nonce":"one of a test, once","answer":"</script><svg onload=alert(1)>"}'],
    ['a record without a sender', 'd={"t":"ping","at":0}'],
  ])(
    '[J9] [TR-32.1] a form with %s is refused, and the answer is a document that can do nothing',
    async (_name, body) => {
      const response = await fetch(`${server.base}/form-post`, { method: 'POST', body });
      expect(response.status).toBe(400);
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; base-uri/);
      expect(await response.text()).not.toContain('svg');
    },
  );

  it.each([foreign, 'null'])('[J6] [TR-7.3] [TR-32.5] a form from %s is refused', async (origin) => {
    expect(
      (await form({ t: 'open', version: 2, nonce: 'one of a test, once', answer: secret }, { origin })).status,
    ).toBe(403);
    const answer = await (await get(`form-answer?ticket=${secret}&cb=f`)).text();
    expect(JSON.parse(argumentOf(answer, 'f'))).toEqual({ t: 'refused', code: 'ticket' });
  });
});

describe('a document that calls its parent', () => {
  const spent = 'iframe-stream?ticket=spent';

  it('[J8] [TR-30.7] a document that calls its parent has a policy of its own, which lets only the allowed origins frame it', async () => {
    const { headers } = await get(spent);
    expect(headers.get('content-type')).toBe('text/html;charset=utf-8');
    expect(headers.get('content-security-policy')).toBe(
      `default-src 'none'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self' ${allowed}`,
    );
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store, no-transform');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('set-cookie')).toBeNull();
  });

  it('[J7] [TR-30.3] [TR-30.4] a document that calls its parent posts to exactly the origin that requested it, which must be allowed', async () => {
    const of = async (query: string): Promise<string> => (await get(`${spent}${query}`)).text();
    const own = `http://127.0.0.1:${server.port}`;
    expect(await of('')).toContain(`postMessage(s,"${own}")`);
    expect(await of(`&origin=${own}`)).toContain(`postMessage(s,"${own}")`);
    expect(await of(`&origin=${allowed}`)).toContain(`postMessage(s,"${allowed}")`);
    for (const other of [foreign, '*', 'null', '/', `${allowed}/`, `${allowed}.evil.example`, ''])
      expect((await get(`${spent}&origin=${other}`)).status).toBe(403);
    // Behind a proxy that ends TLS, a browser sends the page's own origin, which is configured nowhere else.
    expect(server.notices[0]).toMatchObject({ code: 'origin_refused', text: expect.stringContaining(foreign) });
  });

  it('[J3] [TR-30.8] a document that calls its parent contains nothing of the address', async () => {
    const markup = '</script><svg onload=alert(1)>';
    const query = ['c', 'cb', 'callback', 'ticket', 'name'].map((name) => `${name}=${encodeURIComponent(markup)}`);
    const text = await (await get(`htmlfile-stream?${query.join('&')}`)).text();
    expect(text).not.toContain('svg');
    expect(text).not.toMatch(/document\.domain|'\*'|"\*"/);
    expect((await get(`${spent}&origin=${encodeURIComponent(markup)}`)).status).toBe(403);
  });

  it('[TR-30.1] [TR-30.5] [TR-30.6] [EN-21.1] [EN-21.2] a document that calls its parent is a function, padding for browsers that need it, calls, and an end', async () => {
    const text = await (await get(spent)).text();
    expect(text.indexOf('<script>e(')).toBeGreaterThanOrEqual(2_048);
    expect(text.slice(2_048)).toBe(
      '<script>e("{\\"t\\":\\"refused\\",\\"code\\":\\"ticket\\"}")</script>\n<script>e("")</script>\n',
    );
  });

  it.each([
    [{ 'sec-fetch-site': 'cross-site', referer: `${foreign}/page` }, 403],
    [{ 'sec-fetch-site': 'cross-site', referer: `${allowed}/` }, 200],
  ])(
    '[TR-33.1] a document that calls its parent is served only to the configured origins: %j',
    async (headers, status) => {
      expect((await get(spent, headers)).status).toBe(status);
      expect(server.notices.map(({ code }) => code)).toEqual(status === 403 ? ['origin_refused'] : []);
    },
  );
});
