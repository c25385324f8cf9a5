import { type Check, check, over, wait } from '../check.js';
import { type Examiner, handshakeAccept, handshakeHeaders } from '../examiner.js';
import { frameBytes, readFrames } from '../frames.js';
import { duplexTransports } from '../link.js';
import { expectEqual, expectThat } from '../mismatch.js';

/** An opening handshake with these headers instead is refused so. `undefined` leaves one out. */
async function refuses(
  x: Examiner,
  status: number,
  code: string,
  changes: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const headers = { ...handshakeHeaders, ...changes };
  const said = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const answer = await x.request({ method: 'GET', name: 'websocket', headers: Object.fromEntries(said) });
  const what = `the handshake with ${JSON.stringify(changes)}`;
  expectEqual(what, [answer.status, (await answer.json())?.['code']], [status, code]);
  await answer.connection.untilEnded(`the end after ${what}`);
}

/** Close codes, pings and the closing handshake of every two-way link (TR-41 has those of raw TCP). */
function closingOf(transport: string): readonly Check[] {
  const by = (name: string, run: Check['run']): Check => check(`${name} by ${transport}`, run, over(transport));
  return [
    by('[TR-17] closes with 1002 a link that says what it may not', async (x) => {
      const wrong: Readonly<Record<string, (nonce: string) => object>> = {
        'what only a server says': () => ({ t: 'opened', id: 'x', received: 0, limits: {} }),
        'counts that are none': () => ({ t: 'ack', ack: -1, received: 0, seen: 0, sent: 0, sum: 0 }),
        'an open of a live link': (nonce) => ({ t: 'open', nonce }),
      };
      for (const [what, record] of Object.entries(wrong)) {
        const link = await x.duplex(transport);
        link.record(x.openRecord());
        await link.next('opened');
        link.record(record(x.nonce()) as Readonly<Record<string, unknown>>);
        expectEqual(`close code after ${what}`, await link.closes(), 1002);
      }
    }),
    by('[TR-17] closes with 1000 a link whose session is refused or has its verdict', async (x) => {
      const refused = await x.duplex(transport);
      const { counts } = await x.open();
      refused.record({ t: 'attach', id: 'nobody', n: 1, instance: 1, ...counts });
      expectEqual('code', (await refused.next('refused'))['code'], 'unknown');
      expectEqual('close code', await refused.closes(), 1000);
      const { session, link } = await x.join(transport);
      session.send(link, 'end tried');
      expectEqual('verdict', (await link.next('closed'))['code'], 'tried');
      expectEqual('close code after it', await link.closes(), 1000);
    }),
    by('[TR-18] answers a ping with its bytes', async (x) => {
      const { link } = await x.join(transport);
      const payload = Buffer.from('are you there? \0\xff');
      link.frame({ opcode: 9, payload });
      const pongs = (): readonly Buffer[] =>
        readFrames(link.answer.body.bytes).flatMap((frame) => (frame.opcode === 10 ? [frame.payload] : []));
      const [pong] = await link.connection.until('a pong', () => (pongs().length > 0 ? pongs() : undefined));
      expectEqual('its bytes', pong?.toString('hex'), payload.toString('hex'));
    }),
    by('[TR-18] takes a pong that nobody asked for', async (x) => {
      const { session, link } = await x.join(transport);
      link.frame({ opcode: 10, payload: 'unasked' });
      session.send(link, 'alive');
      expectEqual('what came back', await link.gets(1), ['alive']);
    }),
    by('[TR-18] closes the TCP connection first, after both close frames', async (x) => {
      const { link } = await x.join(transport);
      link.frame({ opcode: 8, payload: Buffer.of(0x03, 0xe9) });
      expectEqual('close code', await link.closes(), 1001);
      await link.connection.untilEnded('the end of the connection');
    }),
  ];
}

/** `docs/spec/transports.md`: WebSocket. */
export const socketChecks: readonly Check[] = [
  check('[TR-16] accepts the opening handshake of everywire.1', async (x) => {
    const offered = ['everywire.1', 'other, everywire.1', 'everywire.1,other'];
    for (const protocols of offered) {
      const { answer } = await x.webSocket({ 'Sec-WebSocket-Protocol': protocols, Connection: 'keep-alive, Upgrade' });
      const names = ['upgrade', 'sec-websocket-accept', 'sec-websocket-protocol'];
      const seen = names.map((name) => answer.headers.get(name));
      expectEqual(`the answer to ${protocols}`, seen, ['websocket', handshakeAccept, 'everywire.1']);
    }
  }),
  check('[TR-16] refuses any other opening handshake, and says why', async (x) => {
    await refuses(x, 400, 'websocket_key', { 'Sec-WebSocket-Key': 'dG9vIHNob3J0' });
    await refuses(x, 400, 'websocket_key', { 'Sec-WebSocket-Key': undefined });
    await refuses(x, 426, 'websocket_version', { 'Sec-WebSocket-Version': '8' });
    await refuses(x, 400, 'subprotocol_malformed', { 'Sec-WebSocket-Protocol': 'everywire.1, everywire.1' });
    await refuses(x, 400, 'subprotocol_malformed', { 'Sec-WebSocket-Protocol': 'every wire' });
    await refuses(x, 400, 'body_not_allowed', { 'Content-Length': '5' });
  }),
  check('[TR-7] refuses a WebSocket of a foreign origin', async (x) => {
    for (const Origin of ['http://everywire.invalid', 'null', `${x.target.origin}.evil`])
      await refuses(x, 403, 'origin_refused', { Origin });
  }),
  check('[TR-16] reads frames that come together with the handshake', async (x) => {
    const connection = await x.connect();
    const lines = Object.entries(handshakeHeaders).map(([name, value]) => `${name}: ${value}\r\n`);
    const head = `GET ${x.target.path}/websocket HTTP/1.1\r\nHost: ${x.target.authority}\r\n${lines.join('')}\r\n`;
    const open = frameBytes({ opcode: 1, payload: `\0${JSON.stringify(x.openRecord())}` });
    connection.write(Buffer.concat([Buffer.from(head), open]));
    await connection.until('opened', () => connection.bytes.includes('"opened"'));
  }),
  ...duplexTransports.flatMap(closingOf),
  check(
    '[TR-19] closes with 1008 a socket on which neither open nor attach comes',
    async (x) => {
      const began = performance.now();
      const link = await x.webSocket();
      expectEqual('close code', await link.closes(), 1008);
      const took = Math.round(performance.now() - began);
      expectThat(
        'the time it waited',
        took >= x.settings.unattachedMs * 0.9,
        `about ${x.settings.unattachedMs} ms`,
        took,
      );
    },
    { waitMs: (settings) => settings.unattachedMs },
  ),
  check('[SN-16] gives no session to a WebSocket that did not ask for everywire.1', async (x) => {
    const headers = { ...handshakeHeaders, 'Sec-WebSocket-Protocol': 'other.9' };
    const answer = await x.request({ method: 'GET', name: 'websocket', headers });
    expectThat(
      'subprotocol',
      answer.headers.get('sec-websocket-protocol') !== 'everywire.1',
      'not everywire.1',
      answer.status,
    );
    if (answer.status !== 101) return;
    answer.connection.write(frameBytes({ opcode: 1, payload: `\0${JSON.stringify(x.openRecord())}` }));
    await wait(300);
    expectThat(
      'the answer to open',
      !answer.body.bytes.includes('"opened"'),
      'no session',
      answer.body.bytes.toString(),
    );
  }),
];
