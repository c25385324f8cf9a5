import diagnostics from 'node:diagnostics_channel';
import type { Server } from 'node:http';
import type { WireSession } from '@everywire/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually, type Listening, listen } from './hand-client.js';
import { type Answer, KeptClient, lines } from './kept-client.js';

/** Whether the server reads requests itself where it can ("our reader"), past Node's HTTP parser. */
const direct = process.env['EVERYWIRE_SOCKETS'] !== 'public';
let server: Listening;
let client: KeptClient;
let session: WireSession | undefined;
/** Number of requests that Node's own parser has read since the start of the test. */
let parsed = 0;

function onParsed(event: unknown): void {
  if ((event as { server: Server }).server === server.http) parsed += 1;
}

beforeEach(() => {
  diagnostics.subscribe('http.server.request.start', onParsed);
});
afterEach(async () => {
  diagnostics.unsubscribe('http.server.request.start', onParsed);
  client.socket.destroy();
  await server.end();
});

/** Starts a server and opens a kept connection with a session. */
async function start(options: Parameters<typeof listen>[0] = {}): Promise<void> {
  server = await listen({
    jsonp: true,
    onSession: (opened) => {
      session = opened;
    },
    ...options,
  });
  client = await KeptClient.open(server);
  parsed = 0;
}

/** Formats a GET as a script element sends it. */
const get = (query: string): string =>
  `GET /everywire/jsonp-poll?${query} HTTP/1.1\r\nHost: here\r\nAccept: */*\r\n\r\n`;

/** Parses the script of a JSONP answer: the items in the call of `f`, and the ticket among them. */
function called({ body }: Answer): { readonly items: unknown[]; readonly ticket: string } {
  const literal = /^\/\*\*\/f\((".*")\);\n$/s.exec(body)?.[1] ?? '""';
  const items = lines(JSON.parse(literal));
  const record = items.find((item) => (item as { t?: string }).t === 'ticket');
  return { items, ticket: (record as { ticket: string } | undefined)?.ticket ?? '' };
}

/** Returns the header lines of an answer in alphabetical order, without date and length. */
const heads = ({ head }: Answer): string =>
  head
    .replace(/date: .*|content-length: .*/g, '')
    .split('\r\n')
    .toSorted()
    .join('\n');

describe('JSONP on a connection that is kept', () => {
  let ticket = '';
  let n = 1;

  const query = (more = ''): string => {
    n += 1;
    const { ack, received, seen, sent, sum } = client.counts.block as unknown as Record<string, number>;
    return `ticket=${ticket}&n=${n}&ack=${ack}&received=${received}&seen=${seen}&sent=${sent}&sum=${sum}${more}&cb=f`;
  };

  async function begin(): Promise<void> {
    await start();
    n = 1;
    const attach = { t: 'attach', id: client.id, n: 1, instance: 1, ...client.counts.block };
    const issued = await client.ask(client.request('ticket', JSON.stringify(attach)));
    ticket = JSON.parse(issued.body).ticket;
    for (let i = 0; i < 3; i += 1) ticket = called(await client.ask(get(query('&prompt=true')))).ticket;
  }

  it('[SN-20.3] JSONP is read by our reader from the second GET on, and every message arrives once', async () => {
    await begin();
    const first = await client.ask(get(query('&prompt=true')));
    ticket = called(first).ticket;
    const before = parsed;
    for (const text of ['one', 'zwei \u00fc', '\u{1f600}</script>', 'x'.repeat(60_000)]) {
      client.write(get(query()));
      await eventually(() => session?.transport === 'jsonp-poll');
      session?.send(text);
      const answer = await client.answer();
      const { items, ticket: next } = called(answer);
      expect(items).toMatchObject([{ t: 'attached', first: client.counts.received + 1 }, { t: 'ticket' }, text]);
      expect(heads(answer)).toBe(heads(first));
      ticket = next;
      client.counts.took(text);
      client.counts.ack = client.counts.received;
    }
    expect(parsed - before).toBe(direct ? 0 : 4);
  });

  it.each<[string, (text: string) => string, number, string]>([
    ['a ticket that is spent', (text) => text.replace(ticket, 'x'.repeat(22)), 200, 'refused'],
    ['a callback that is none', (text) => text.replace('cb=f', 'cb=f-'), 400, 'callback_invalid'],
    ['a callback of a prototype', (text) => text.replace('cb=f', 'cb=f.__proto__'), 400, 'callback_invalid'],
    ['a count that is none', (text) => text.replace('ack=', 'ack=x'), 400, 'malformed'],
    ['a count beyond all', (text) => text.replace('ack=', 'ack=999999999999999'), 400, 'malformed'],
    ['an address written otherwise', (text) => text.replace('cb=f', 'cb=%66'), 200, '/**/f('],
    [
      'the origin of a stranger',
      (text) => text.replace('Accept', 'Origin: https://evil.example\r\nAccept'),
      403,
      'origin',
    ],
    [
      'a page of a stranger',
      (text) => text.replace('Accept', 'Referer: https://evil.example/\r\nAccept'),
      403,
      'origin',
    ],
  ])('[SN-20.3] a JSONP poll with %s is answered as on a new connection', async (_, change, status, said) => {
    await begin();
    const answer = await client.ask(change(get(query('&prompt=true'))));
    expect([answer.status, answer.body]).toEqual([status, expect.stringContaining(said)]);
  });

  it('[SN-2] a JSONP poll is one request, whatever its query contains', async () => {
    await begin();
    const text = get(query('&prompt=true'));
    client.write(
      text.replace('&cb=f', `&cb=f HTTP/1.1\r\nHost: here\r\nAccept: */*\r\n\r\n${get('cb=g').slice(0, 29)}x=1`),
    );
    expect(called(await client.answer()).items).toMatchObject([{ t: 'attached' }, { t: 'ticket' }]);
    expect((await client.answer()).status).toBe(400);
  });

  it('[SN-20.3] a ticket is spent even if no one waits for the answer', async () => {
    await begin();
    const text = get(query());
    client.write(text);
    await eventually(() => session?.transport === 'jsonp-poll');
    client.socket.destroy();
    await eventually(() => session?.transport !== 'jsonp-poll');
    client = await KeptClient.open(server);
    expect((await client.ask(text)).body).toContain('refused');
  });
});

describe('polls of other kinds on a connection that is kept', () => {
  it('[SN-34.7] a short poll that comes too early gets `wait`, and the next one is read by our reader again', async () => {
    let time = 1_000;
    await start({ now: () => time });
    const poll = (): string => client.poll({}, 'short-poll');
    const first = await client.ask(poll());
    expect(lines(first.body)).toMatchObject([{ t: 'attached' }]);
    expect(lines((await client.ask(poll())).body)).toEqual([{ t: 'wait', ms: 250 }]);
    const before = parsed;
    time += 100;
    const early = await client.ask(poll());
    expect(lines(early.body)).toEqual([{ t: 'wait', ms: 150 }]);
    expect(heads(early)).toBe(heads(first));
    time += 150;
    session?.send('down');
    expect(lines((await client.ask(poll())).body)).toMatchObject([{ t: 'attached' }, 'down']);
    expect(parsed - before).toBe(direct ? 1 : 2);
  });

  it('[SN-8.4] polls of an XDomainRequest are answered with 200 whatever their outcome', async () => {
    await start();
    const poll = (more: object = {}): string => client.poll({ prompt: true, ...more }, 'xdr-poll');
    for (let i = 0; i < 3; i += 1) expect(lines((await client.ask(poll())).body)).toMatchObject([{ t: 'attached' }]);
    const wrong = await client.ask(poll({ n: 9_999, first: 3, count: 0 }));
    expect(wrong.status).toBe(200);
    const up = (): string => client.up().replace('/everywire/up', '/everywire/xdr-up');
    for (let i = 0; i < 3; i += 1) {
      const answer = await client.ask(up());
      expect([answer.status, answer.body.at(-1)]).toEqual([200, '\n']);
      expect(lines(answer.body)).toMatchObject([{ t: 'answer' }]);
    }
    const bad = await client.ask(up().replace('"count":0', '"count":3'));
    expect([bad.status, lines(bad.body)]).toMatchObject([200, [{ t: 'error', code: 'malformed' }]]);
  });
});
