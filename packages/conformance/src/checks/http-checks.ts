import { type Check, check } from '../check.js';
import type { Examiner } from '../examiner.js';
import { HttpAnswer, type RequestParts, requestBytes } from '../http-exchange.js';
import { expectEqual, expectThat } from '../mismatch.js';
import type { HttpReply } from '../test-link.js';

const byTicket = ['event-stream', 'long-poll'];
const posts = ['open', 'up', 'ticket', 'event-stream', 'fetch-stream', 'long-poll'];

/** Checks that a request is refused with this status, and with this code in the JSON of the answer. */
async function refuses(x: Examiner, status: number, code: string, parts: RequestParts): Promise<HttpAnswer> {
  const answer = await x.request(parts);
  const body = await answer.json();
  expectEqual(`${parts.method} ${parts.name}`, [answer.status, body?.['code']], [status, code]);
  expectThat(`text of ${code}`, typeof body?.['text'] === 'string', 'a text', body);
  return answer;
}

function header(answer: HttpReply, name: string): string | undefined {
  return answer.headers.get(name);
}

const wrongOrigins = ['null', 'http://everywire.invalid', 'https://everywire.invalid:444'];

/** Checks of `docs/spec/transports.md`: the rules for all endpoints. */
export const httpChecks: readonly Check[] = [
  check('[TR-1.3] [TR-1.4] answers 404 to an unknown name, and 405 to a wrong method', async (x) => {
    await refuses(x, 404, 'not_found', { method: 'GET', name: 'nowhere' });
    await refuses(x, 404, 'not_found', { method: 'POST', name: 'up/more', body: '{}' });
    for (const name of posts) {
      const answer = await refuses(x, 405, 'method_not_allowed', { method: 'PUT', name, body: '' });
      expectEqual(`Allow of ${name}`, header(answer, 'allow'), byTicket.includes(name) ? 'GET, POST' : 'POST');
    }
    await refuses(x, 405, 'method_not_allowed', { method: 'GET', name: 'fetch-stream' });
  }),
  check('[TR-1.5] answers 426 to a request for `websocket` without an upgrade', async (x) => {
    const answer = await refuses(x, 426, 'upgrade_required', { method: 'GET', name: 'websocket' });
    expectEqual('Upgrade', header(answer, 'upgrade'), 'websocket');
  }),
  check(
    '[TR-2.1] [TR-2.2] [TR-2.3] accepts a body of any content type, whole or chunked, and refuses a compressed one',
    async (x) => {
      const body = JSON.stringify(x.openRecord());
      for (const type of ['text/plain', 'application/json', 'application/octet-stream'])
        expectEqual(type, (await x.post('open', x.openRecord(), { 'Content-Type': type })).status, 200);
      const half = Math.floor(body.length / 2);
      const chunks = [body.slice(0, half), body.slice(half), ''].map(
        (part) => `${part.length.toString(16)}\r\n${part}\r\n`,
      );
      const connection = await x.connect();
      const headers = { 'Transfer-Encoding': 'chunked' };
      connection.write(requestBytes(x.target, { method: 'POST', name: 'open', headers }));
      for (const chunk of chunks) connection.write(chunk);
      expectEqual('in chunks', (await HttpAnswer.read(connection)).status, 200);
      const compressed = { method: 'POST', name: 'open', body: '{}', headers: { 'Content-Encoding': 'gzip' } };
      await refuses(x, 415, 'content_encoding', compressed);
    },
  ),
  check('[TR-3.1] refuses a body above the limit, by its declared length and by its bytes', async (x) => {
    const { bodyBytesMax, smallBodyBytesMax } = x.settings;
    const lengths = { open: smallBodyBytesMax, ticket: smallBodyBytesMax, up: bodyBytesMax, 'long-poll': bodyBytesMax };
    for (const [name, length] of Object.entries(lengths)) {
      const headers = { 'content-length': String(length + 1) };
      await refuses(x, 413, 'body_too_large', { method: 'POST', name, headers });
    }
    const connection = await x.connect();
    connection.write(
      requestBytes(x.target, { method: 'POST', name: 'open', headers: { 'Transfer-Encoding': 'chunked' } }),
    );
    const size = smallBodyBytesMax + 1;
    connection.write(`${size.toString(16)}\r\n${'x'.repeat(size)}\r\n`);
    expectEqual('bytes above the limit', (await HttpAnswer.read(connection)).status, 413);
  }),
  check('[TR-3.2] refuses a message above the announced limit', async (x) => {
    const session = await x.open();
    const text = 'x'.repeat(session.limits.messageBytesMax + 1);
    const body = { ...session.bodyRecord(), first: 1, count: 1, m: [text] };
    await refuses(x, 413, 'message_too_big', { method: 'POST', name: 'up', body });
    expectEqual('the session', (await session.up())['t'], 'answer');
  }),
  check('[TR-3.3] refuses a body with more messages than a batch may have', async (x) => {
    const session = await x.open();
    const m = Array.from({ length: session.limits.batchMessagesMax + 1 }, () => '');
    const body = { ...session.bodyRecord(), first: 1, count: m.length, m };
    await refuses(x, 413, 'too_many', { method: 'POST', name: 'up', body });
    expectEqual('received', (await session.up())['received'], 0);
  }),
  check(
    '[TR-3.4] [TR-3.5] times out a body that does not arrive',
    async (x) => {
      const answer = x.request({ method: 'POST', name: 'up', body: '{', headers: { 'content-length': '100' } });
      const body = await (await answer).json();
      expectEqual('a body of one byte in 100', [(await answer).status, body?.['code']], [408, 'body_timeout']);
    },
    { waitMs: (settings) => settings.bodyTimeoutMs },
  ),
  check('[TR-4] refuses a malformed record, or one for another endpoint, and keeps the session', async (x) => {
    const session = await x.open();
    await session.up();
    const attach = session.attachRecord();
    const body = session.bodyRecord();
    const wrong: readonly (readonly [string, unknown])[] = [
      ...posts.flatMap((name) => [[name, 'no json'] as const, [name, '{}'] as const, [name, '[]'] as const]),
      ...posts.map((name) => [name, { t: 'unknown record' }] as const),
      ['open', { t: 'open' }],
      ['open', attach],
      ['up', attach],
      ['up', { ...body, ack: -1 }],
      ['up', { ...body, received: 0.5 }],
      ['up', { ...body, sum: undefined }],
      ['up', { ...body, id: '' }],
      ['up', '\xff'],
      ['ticket', body],
      ['long-poll', body],
      ['fetch-stream', { ...attach, n: '1' }],
      ['event-stream', { ...attach, seen: 2 ** 53 }],
    ];
    await Promise.all(
      wrong.map(([name, carrier]) => refuses(x, 400, 'malformed', { method: 'POST', name, body: carrier })),
    );
    expectEqual('the session', (await session.up(['alive']))['received'], 1);
  }),
  check(
    '[TR-5.1] [TR-5.2] [TR-5.3] forbids caching, changing, sniffing and buffering of every answer, and declares its type',
    async (x) => {
      const answers = [
        await x.post('open', x.openRecord()),
        await x.post('up', 'no json'),
        await x.request({ method: 'GET', name: 'nowhere' }),
        (await x.join('fetch-stream')).link.answer,
        (await x.join('event-stream')).link.answer,
      ];
      for (const answer of answers) {
        const names = ['cache-control', 'x-content-type-options', 'x-accel-buffering', 'referrer-policy'];
        const seen = names.map((name) => header(answer, name));
        expectEqual('the headers', seen, ['no-store, no-transform', 'nosniff', 'no', 'no-referrer']);
      }
      for (const answer of answers.slice(0, 3) as HttpAnswer[]) {
        expectEqual('the type', header(answer, 'content-type'), 'application/json; charset=utf-8');
        expectEqual('the length', header(answer, 'content-length'), String((await answer.whole()).length));
      }
      expectEqual('an error', Object.keys((await (answers[1] as HttpAnswer).json()) ?? {}), ['code', 'text']);
    },
  ),
  check('[TR-6.1] [TR-6.2] answers 200 with a typed record if the session is unknown', async (x) => {
    const session = await x.open();
    for (const name of ['up', 'event-stream', 'fetch-stream', 'long-poll', 'ticket']) {
      const record = name === 'up' ? session.bodyRecord() : session.attachRecord();
      const answer = await x.post(name, { ...record, id: 'unknown' });
      const text = (await answer.whole()).toString();
      expectEqual(`status of ${name}`, answer.status, 200);
      expectThat(name, /"t":"refused".*"code":"unknown"/.test(text), 'refused, unknown', text);
    }
  }),
  check('[SN-25] refuses a session id with one changed character', async (x) => {
    const { id } = await x.open();
    for (const at of [0, id.length - 1]) {
      const other = `${id.slice(0, at)}${id[at] === 'A' ? 'B' : 'A'}${id.slice(at + 1)}`;
      const zero = { ack: 0, received: 0, seen: 0, sent: 0, sum: 0 };
      const answer = await x.answerTo('up', { t: 'body', id: other, n: 1, instance: 1, first: 1, count: 0, ...zero });
      expectEqual(`changed at ${at}`, [answer['t'], answer['code']], ['refused', 'unknown']);
    }
  }),
  check('[TR-7.3] refuses a foreign origin on every endpoint', async (x) => {
    const [origin = ''] = wrongOrigins;
    for (const name of posts)
      await refuses(x, 403, 'origin_refused', { method: 'POST', name, body: '{}', headers: { Origin: origin } });
    for (const other of wrongOrigins)
      await refuses(x, 403, 'origin_refused', { method: 'POST', name: 'open', body: '{}', headers: { Origin: other } });
    const preflight = { Origin: origin, 'Access-Control-Request-Method': 'POST' };
    await refuses(x, 403, 'origin_refused', { method: 'OPTIONS', name: 'open', headers: preflight });
  }),
  check('[TR-7.2] [TR-7.4] accepts its own origin, and sends `Vary: Origin`', async (x) => {
    const answer = await x.post('open', x.openRecord(), { Origin: x.target.origin });
    expectEqual('status', answer.status, 200);
    expectEqual('Vary', header(answer, 'vary'), 'Origin');
  }),
  check('[TR-8] answers a preflight with two methods and two headers', async (x) => {
    const headers = { Origin: x.target.origin, 'Access-Control-Request-Method': 'POST' };
    const answer = await x.request({ method: 'OPTIONS', name: 'up', headers });
    const names = ['access-control-allow-methods', 'access-control-allow-headers', 'access-control-max-age'];
    const seen = [answer.status, ...names.map((name) => header(answer, name))];
    expectEqual('the answer', seen, [204, 'GET, POST', 'content-type, authorization', '7200']);
  }),
  check('[TR-22.1] sends 100 Continue on request, and refuses any other expectation', async (x) => {
    const body = JSON.stringify(x.openRecord());
    const connection = await x.connect();
    const headers = { Expect: '100-continue', 'content-length': String(body.length) };
    connection.write(requestBytes(x.target, { method: 'POST', name: 'open', headers }));
    await connection.until('100', () => connection.bytes.includes('HTTP/1.1 100'));
    connection.write(body);
    expectEqual('status', (await HttpAnswer.read(connection)).status, 200);
    expectEqual('another expectation', (await x.post('open', '{}', { Expect: 'wonders' })).status, 417);
  }),
];
