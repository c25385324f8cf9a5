// Over 300 lines, because it tests the rules of one published document.
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { SockJsServer } from './sockjs-server.js';

// Tests the rules of the protocol document of SockJS 0.3.3.

const friend = 'https://friend.example';
let server: SockJsServer;

beforeEach(async () => {
  server = await new SockJsServer({ origins: [friend] })
    .serve('/echo', { answerBytesMax: 4_096, clientUrl: '/sockjs.min.js', disconnectMs: 300 })
    .serve('/off', { websocket: false })
    .serve('/cookie', { cookie: true })
    .serve('/close', { onConnection: (connection) => connection.close(3000, 'Go away!') })
    .serve('/full', { answerBytesMax: 10, onConnection: (connection) => connection.close(3000, 'Go away!') })
    .listen();
});
afterEach(() => server.close());

/** The options of a request. */
interface RequestOptions {
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

async function ask(path: string, { method = 'GET', body, headers = {} }: RequestOptions = {}) {
  const answer = await fetch(server.url + path, { method, headers, ...(body !== undefined && { body }) });
  return { status: answer.status, body: await answer.text(), headers: answer.headers };
}
const post = (path: string, body?: string, headers?: Record<string, string>) =>
  ask(path, { method: 'POST', ...(body !== undefined && { body }), ...(headers && { headers }) });
/** Returns the path of a new session: server id and session id are chosen by the client. */
const newSession = (service = '/echo'): string => `${service}/000/${randomUUID()}`;

/** Checks that no cache may store the answer. */
function isNeverKept(headers: Headers): void {
  expect(headers.get('cache-control')).toBe('no-store, no-cache, no-transform, must-revalidate, max-age=0');
  expect([headers.get('expires'), headers.get('last-modified')]).toEqual([null, null]);
}

/** Checks that a page of this origin may read the answer. */
function isReadable(headers: Headers, origin = '*'): void {
  expect(headers.get('access-control-allow-origin')).toBe(origin);
  expect(headers.get('access-control-allow-credentials')).toBe('true');
}

/** Checks the answer to a preflight request. */
async function answersPreflight(path: string, methods: string): Promise<void> {
  for (const origin of [undefined, friend]) {
    const { status, body, headers } = await ask(path, { method: 'OPTIONS', headers: origin ? { origin } : {} });
    expect([status, body]).toEqual([204, '']);
    expect(headers.get('cache-control')).toMatch(/public.*max-age=[1-9]\d{6}/);
    expect(headers.get('expires')).not.toBe(null);
    expect(Number(headers.get('access-control-max-age'))).toBeGreaterThan(1_000_000);
    expect(headers.get('access-control-allow-methods')).toBe(methods);
    isReadable(headers, origin);
  }
}

describe('addresses', () => {
  it('the base address sends a greeting, and unknown addresses get 404', async () => {
    for (const path of ['/echo', '/echo/']) {
      const { status, body, headers } = await ask(path);
      expect([status, body, headers.get('content-type')]).toEqual([
        200,
        'Welcome to SockJS!\n',
        'text/plain; charset=UTF-8',
      ]);
      expect(headers.get('set-cookie')).toBe(null);
    }
    for (const rest of ['/a', '/a.html', '//', '///', '/a/a', '/a/a/', '/a/']) {
      expect((await ask(`/echo${rest}`)).status).toBe(404);
    }
  });

  it('info lists the features of the server, with a random number', async () => {
    const { status, body, headers } = await ask('/echo/info');
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=UTF-8']);
    isNeverKept(headers);
    isReadable(headers);
    const info = JSON.parse(body);
    expect(info).toEqual({ websocket: true, origins: ['*:*'], cookie_needed: false, entropy: expect.any(Number) });
    const again = JSON.parse((await ask('/echo/info')).body);
    expect(again.entropy).not.toBe(info.entropy);
    expect(JSON.parse((await ask('/off/info')).body).websocket).toBe(false);
    expect(JSON.parse((await ask('/cookie/info')).body).cookie_needed).toBe(true);
    await answersPreflight('/echo/info', 'OPTIONS, GET');
  });

  it('the iframe page is cacheable, at an address with any version', async () => {
    for (const name of ['iframe.html', 'iframe-a.html', 'iframe-.html', 'iframe-0.1.2abc-dirty.2144.html?t=q']) {
      const { status, body, headers } = await ask(`/echo/${name}`);
      expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=UTF-8']);
      expect(headers.get('cache-control')).toMatch(/public.*max-age=[1-9]\d{6}/);
      expect(body).toContain('_sockjs_onload = function(){SockJS.bootstrap_iframe();};');
      expect(body).toContain('<script src="/sockjs.min.js"></script>');
      const tag = headers.get('etag') as string;
      const known = await ask(`/echo/${name}`, { headers: { 'if-none-match': tag } });
      expect([known.status, known.body, known.headers.get('content-type')]).toEqual([304, '', null]);
    }
    for (const name of ['iframe.htm', 'iframe', 'IFRAME.HTML', 'iframe.HTML', 'iframe.xml', 'iframe-/.html'])
      expect((await ask(`/echo/${name}`)).status).toBe(404);
    expect((await ask('/off/iframe.html')).status).toBe(404);
  });

  it('a session id may be any text without a dot, and the server id is ignored', async () => {
    for (const name of ['/a/a', '/_/_', '/1/1', '/abcdefgh_i-j%20/abcdefg_i-j%20'])
      expect((await post(`/echo${name}/xhr`)).body).toBe('o\n');
    for (const name of ['//', '/a./a', '/a/a.', '/./.', '/', '///'])
      for (const method of ['GET', 'POST']) expect((await ask(`/echo${name}/xhr`, { method })).status).toBe(404);
    const id = randomUUID();
    expect((await post(`/echo/000/${id}/xhr`)).body).toBe('o\n');
    expect((await post(`/echo/111/${id}/xhr_send`, '["a"]')).status).toBe(204);
    expect((await post(`/echo/999/${id}/xhr`)).body).toBe('a["a"]\n');
  });

  it('a wrong method gets the allowed ones, without a body', async () => {
    for (const path of ['/echo/0/0/websocket', '/echo/websocket']) {
      const { status, body, headers } = await post(path);
      expect([status, body, headers.get('content-type'), headers.get('allow')]).toEqual([405, '', null, 'GET']);
    }
    expect((await ask('/echo/0/0/xhr')).headers.get('allow')).toBe('OPTIONS, POST');
    expect((await post('/echo/0/0/eventsource')).headers.get('allow')).toBe('GET');
  });
});

describe('polling', () => {
  it('polling opens a session, accepts messages and delivers them', async () => {
    const session = newSession();
    const opened = await post(`${session}/xhr`);
    expect([opened.status, opened.body]).toEqual([200, 'o\n']);
    expect(opened.headers.get('content-type')).toBe('application/javascript; charset=UTF-8');
    isReadable(opened.headers);
    isNeverKept(opened.headers);
    const sent = await post(`${session}/xhr_send`, '["x"]');
    expect([sent.status, sent.body, sent.headers.get('content-type')]).toEqual([204, '', 'text/plain; charset=UTF-8']);
    isReadable(sent.headers);
    isNeverKept(sent.headers);
    expect((await post(`${session}/xhr`)).body).toBe('a["x"]\n');
    expect((await post(`${newSession()}/xhr_send`, '["x"]')).status).toBe(404);
    for (const name of ['xhr', 'xhr_send']) await answersPreflight(`${session}/${name}`, 'OPTIONS, POST');
  });

  it('an invalid send gets an error, and the session continues', async () => {
    const session = newSession();
    await post(`${session}/xhr`);
    const broken = await post(`${session}/xhr_send`, '["x');
    expect([broken.status, broken.body]).toEqual([500, expect.stringContaining('Broken JSON encoding.')]);
    const empty = await post(`${session}/xhr_send`, '');
    expect([empty.status, empty.body]).toEqual([500, expect.stringContaining('Payload expected.')]);
    const types = ['text/plain', 'T', 'application/json', 'application/xml', 'text/xml; charset=utf-8'];
    for (const type of types)
      expect((await post(`${session}/xhr_send`, '["a"]', { 'content-type': type })).status).toBe(204);
    expect((await post(`${session}/xhr`)).body).toBe(`a[${types.map(() => '"a"').join(',')}]\n`);
  });

  it('repeats the headers that a page asks for, if they are names', async () => {
    const asking = (value: string) => post(`${newSession()}/xhr`, '', { 'access-control-request-headers': value });
    expect((await asking('a, b, c')).headers.get('access-control-allow-headers')).toBe('a, b, c');
    for (const value of ['', 'a<b', `a${'b'.repeat(600)}`])
      expect((await asking(value)).headers.get('access-control-allow-headers')).toBe(null);
  });

  it('a closed session repeats its close frame until it is discarded', async () => {
    const session = newSession('/close');
    expect((await post(`${session}/xhr`)).body).toBe('o\n');
    for (let turn = 0; turn < 2; turn++) expect((await post(`${session}/xhr`)).body).toBe('c[3000,"Go away!"]\n');
  });

  it('a second concurrent request is refused, and an aborted one ends the session', async () => {
    const session = newSession();
    await post(`${session}/xhr`);
    const first = server.open('POST', `${session}/xhr_streaming`);
    await expect.poll(() => first.body).toContain('h\n');
    expect((await post(`${session}/xhr`)).body).toBe('c[2010,"Another connection still open"]\n');
    first.socket.destroy();
    await expect.poll(async () => (await post(`${session}/xhr`)).body).toMatch(/^(o\n|c\[1002)/);
  });

  it('a session ends if no request comes for a while', async () => {
    const session = newSession();
    const closed = new Promise<number>((resolve) => {
      void post(`${session}/xhr`).then(() => {
        (server.connections[0] as { onClose: unknown }).onClose = resolve;
      });
    });
    expect(await closed).toBe(1002);
    expect((await post(`${session}/xhr_send`, '["a"]')).status).toBe(404);
  });
});

describe('streaming', () => {
  const kinds = [
    ['xhr_streaming', 'POST', 'application/javascript; charset=UTF-8', `${'h'.repeat(2_048)}\n`, 'o\n', 'a["x漢"]\n'],
    ['eventsource', 'GET', 'text/event-stream', '\r\n', 'data: o\r\n\r\n', 'data: a["x漢"]\r\n\r\n'],
  ] as const;

  it.each(kinds)('%s', async (name, method, type, prelude, open, message) => {
    const session = newSession();
    const answer = server.open(method, `${session}/${name}`);
    await expect.poll(() => answer.body).toBe(prelude + open);
    expect(answer.head.split('\r\n')).toContain(`content-type: ${type}`);
    expect((await post(`${session}/xhr_send`, '["x漢"]')).status).toBe(204);
    await expect.poll(() => answer.body).toBe(prelude + open + message);
    // The answer ends at its size limit, and the next one continues.
    await post(`${session}/xhr_send`, JSON.stringify(['x'.repeat(4_096)]));
    await expect.poll(() => answer.isWhole).toBe(true);
    await post(`${session}/xhr_send`, '["y"]');
    expect((await post(`${session}/xhr`)).body).toBe('a["y"]\n');
  });

  it('htmlfile', async () => {
    const session = newSession();
    const answer = server.open('GET', `${session}/htmlfile?c=%63allback`);
    await expect.poll(() => answer.body).toContain('<script>\np("o");\n</script>\r\n');
    expect(answer.head).toContain('content-type: text/html; charset=UTF-8');
    expect(answer.body).toContain('var c = parent.callback;');
    expect(answer.body.indexOf('p("o")')).toBeGreaterThan(1_024);
    await post(`${session}/xhr_send`, JSON.stringify(['x</script>']));
    await expect.poll(() => answer.body).toMatch(/p\("a\[\\"x\\u003c\/script>\\"\]"\);\n<\/script>\r\n$/);
    const missing = await ask(`${newSession()}/htmlfile`);
    expect([missing.status, missing.body]).toEqual([500, '"callback" parameter required']);
  });

  it.each(['/close', '/full'])('a closed session of %s answers each request with its close frame', async (service) => {
    const session = newSession(service);
    if (service === '/full') await post(`${session}/xhr`);
    for (let turn = 0; turn < 2; turn++) {
      const answer = server.open('POST', `${session}/xhr_streaming`);
      await expect.poll(() => answer.isWhole).toBe(true);
      expect(answer.body.replace(/^h+\n/, '')).toBe(
        `${turn === 0 && service === '/close' ? 'o\n' : ''}c[3000,"Go away!"]\n`,
      );
    }
  });

  it('an answer to HTTP/1.0 has no chunks', async () => {
    const keeps = 'Connection: Keep-Alive\r\n';
    const answer = server.open('POST', `${newSession('/close')}/xhr_streaming`, keeps, '1.0');
    await expect.poll(() => answer.ended).toBe(true);
    expect(answer.head).not.toMatch(/transfer-encoding|content-length/i);
    expect(answer.body).toMatch(/^h{2048}\no\nc\[3000,"Go away!"\]\n$/);
    const greeting = server.open('GET', '/echo', keeps, '1.0');
    await expect.poll(() => greeting.body).toBe('Welcome to SockJS!\n');
    expect(greeting.head).toMatch(/content-length: 19/i);
  });
});

describe('JSONP', () => {
  it('JSONP calls the callback, and accepts a form', async () => {
    const session = newSession();
    const opened = await ask(`${session}/jsonp?c=%63allback`);
    expect([opened.status, opened.body]).toEqual([200, '/**/callback("o");\r\n']);
    expect(opened.headers.get('content-type')).toBe('application/javascript; charset=UTF-8');
    isNeverKept(opened.headers);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const sent = await post(`${session}/jsonp_send`, 'd=%5B%22x%22%5D', form);
    expect([sent.status, sent.body, sent.headers.get('content-type')]).toEqual([
      200,
      'ok',
      'text/plain; charset=UTF-8',
    ]);
    expect((await post(`${session}/jsonp_send`, '["%61bc"]', { 'content-type': 'text/plain' })).body).toBe('ok');
    expect((await ask(`${session}/jsonp?c=x`)).body).toBe('/**/x("a[\\"x\\",\\"%61bc\\"]");\r\n');
    for (const wrong of ['', 'd=', 'p=p'])
      expect((await post(`${session}/jsonp_send`, wrong, form)).body).toContain('Payload expected.');
    expect((await post(`${session}/jsonp_send`, 'd=%5B%22x', form)).body).toContain('Broken JSON encoding.');
    expect((await ask(`${newSession()}/jsonp`)).body).toBe('"callback" parameter required');
  });

  it('JSONP refuses an invalid callback name', async () => {
    expect((await ask(`${newSession()}/jsonp?c=alert(1)//`)).body).toBe('invalid "callback" parameter');
  });
});

describe('the cookie of balancers', () => {
  it.each([
    ['xhr', 'POST'],
    ['xhr_streaming', 'POST'],
    ['eventsource', 'GET'],
    ['htmlfile?c=a', 'GET'],
    ['jsonp?c=a', 'GET'],
  ])('the balancer cookie is set or echoed by %s', async (name, method) => {
    for (const [given, expected] of [
      ['', 'dummy'],
      ['Cookie: a=b; JSESSIONID=abcdef\r\n', 'abcdef'],
      ['Cookie: JSESSIONID=a b\r\n', 'dummy'],
    ] as const) {
      const answer = server.open(method, `${newSession('/cookie')}/${name}`, given);
      await expect.poll(() => answer.head).toMatch(new RegExp(`set-cookie: JSESSIONID=${expected}; Path=/`, 'i'));
    }
  });
});

describe('WebSocket', () => {
  async function connect(path: string): Promise<{ socket: WebSocket; got: string[]; closed: Promise<number> }> {
    const socket = new WebSocket(server.url.replace('http', 'ws') + path);
    const got: string[] = [];
    socket.on('message', (data) => got.push(String(data)));
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    await new Promise((done) => socket.on('open', done));
    return { socket, got, closed };
  }

  it('a WebSocket ignores empty messages, and accepts arrays and single texts', async () => {
    const { socket, got } = await connect(`${newSession()}/websocket`);
    socket.send('');
    socket.send('["a","b"]');
    socket.send('"c"');
    await expect.poll(() => got).toEqual(['o', 'a["a"]', 'a["b"]', 'a["c"]']);
    socket.terminate();
  });

  it('two WebSockets may share an id, and a closed one sends its close frame', async () => {
    const path = `${newSession()}/websocket`;
    const [one, two] = [await connect(path), await connect(path)];
    two.socket.send('["b"]');
    one.socket.send('["a"]');
    await expect
      .poll(() => [one.got, two.got])
      .toEqual([
        ['o', 'a["a"]'],
        ['o', 'a["b"]'],
      ]);
    const closing = await connect(`${newSession('/close')}/websocket`);
    expect(await closing.closed).toBe(1000);
    expect(closing.got).toEqual(['o', 'c[3000,"Go away!"]']);
  });

  it('a WebSocket is cut on invalid JSON', async () => {
    const { socket, closed } = await connect(`${newSession()}/websocket`);
    socket.send('["a');
    expect(await closed).toBe(1002);
  });

  it('a raw WebSocket at its own address has no SockJS frames', async () => {
    const { socket, got } = await connect('/echo/websocket');
    socket.send('Hello world!\uffff');
    await expect.poll(() => got).toEqual(['Hello world!\uffff']);
    socket.terminate();
    expect(await (await connect('/close/websocket')).closed).toBe(3000);
  });

  it('a request without a valid upgrade is refused', async () => {
    const plain = await ask('/echo/0/0/websocket');
    expect([plain.status, plain.body]).toEqual([400, 'Can "Upgrade" only to "WebSocket".']);
    const answer = server.open('GET', '/echo/0/0/websocket', 'Upgrade: WebSocket\r\nConnection: close\r\n');
    await expect.poll(() => answer.body).toBe('"Connection" must be "Upgrade".');
    expect((await ask('/off/0/0/websocket')).status).toBe(404);
  });
});

it('every character arrives, and those that browsers lose are escaped', async () => {
  const session = newSession();
  await post(`${session}/xhr`);
  const fragile = [
    ...signs(0x200c, 0x200f),
    ...signs(0x2028, 0x202f),
    ...signs(0x2060, 0x206f),
    ...signs(0xfff0, 0xffff),
  ];
  const text = fragile.join('');
  const escaped = fragile.map((sign) => `\\u${sign.charCodeAt(0).toString(16)}`).join('');
  const others = `\u0000\n\r  ${signs(0x300, 0x36f).join('')}\u{1f600}\ud800 你好`;
  await post(`${session}/xhr_send`, JSON.stringify([text, others]));
  const { body } = await post(`${session}/xhr`);
  expect(body.startsWith(`a["${escaped}",`)).toBe(true);
  expect(JSON.parse(body.slice(1))).toEqual([text, others]);
});

/** Returns the characters with these codes. */
function signs(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, at) => String.fromCharCode(from + at));
}
