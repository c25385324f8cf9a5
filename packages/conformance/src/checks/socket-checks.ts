import { type Check, check, over, wait } from '../check.js';
import { type Examiner, HANDSHAKE_ACCEPT, handshakeHeaders } from '../examiner.js';
import { frameBytes, readFrames } from '../frames.js';
import { expectEqual, expectThat } from '../mismatch.js';
import { duplexTransports } from '../test-link.js';

/** Checks that an opening handshake with these headers is refused. `undefined` omits a header. */
async function refuses(
  x: Examiner,
  status: number,
  code: string,
  changes: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const headers = { ...handshakeHeaders, ...changes };
  const entries = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const answer = await x.request({ method: 'GET', name: 'websocket', headers: Object.fromEntries(entries) });
  const what = `the handshake with ${JSON.stringify(changes)}`;
  expectEqual(what, [answer.status, (await answer.json())?.['code']], [status, code]);
  await answer.connection.untilEnded(`the end after ${what}`);
}

/** Returns the checks for close codes and pings of a two-way link (TR-41 applies them to raw TCP). */
function closingOf(transport: string): readonly Check[] {
  const onLink = (name: string, run: Check['run']): Check => check(`${name} over ${transport}`, run, over(transport));
  return [
    onLink('[TR-17.3] closes a link with 1002 on a record that a client must not send', async (x) => {
      const wrong: Readonly<Record<string, (nonce: string) => object>> = {
        'a record that only a server sends': () => ({ t: 'opened', id: 'x', received: 0, limits: {} }),
        'invalid counts': () => ({ t: 'ack', ack: -1, received: 0, seen: 0, sent: 0, sum: 0 }),
        'a second open': (nonce) => ({ t: 'open', version: 2, nonce }),
      };
      for (const [what, record] of Object.entries(wrong)) {
        const link = await x.duplex(transport);
        link.record(x.openRecord());
        await link.next('opened');
        link.record(record(x.nonce()) as Readonly<Record<string, unknown>>);
        expectEqual(`close code after ${what}`, await link.closes(), 1002);
      }
    }),
    onLink('[TR-17.1] closes a link with 1000 if its session is refused or has ended', async (x) => {
      const refused = await x.duplex(transport);
      const { counts } = await x.open();
      refused.record({ t: 'attach', id: 'unknown', n: 1, instance: 1, ...counts });
      expectEqual('code', (await refused.next('refused'))['code'], 'unknown');
      expectEqual('close code', await refused.closes(), 1000);
      const { session, link } = await x.join(transport);
      session.send(link, 'end tried');
      expectEqual('verdict', (await link.next('closed'))['code'], 'tried');
      expectEqual('close code after it', await link.closes(), 1000);
    }),
    onLink('[TR-18.1] answers a ping with the same payload', async (x) => {
      const { link } = await x.join(transport);
      const payload = Buffer.from('are you there? \0\xff');
      link.frame({ opcode: 9, payload });
      const pongs = (): readonly Buffer[] =>
        readFrames(link.answer.body.bytes).flatMap((frame) => (frame.opcode === 10 ? [frame.payload] : []));
      const [pong] = await link.connection.until('a pong', () => (pongs().length > 0 ? pongs() : undefined));
      expectEqual('its bytes', pong?.toString('hex'), payload.toString('hex'));
    }),
    onLink('[TR-18.1] answers each ping before the messages after it', async (x) => {
      const { session, link } = await x.join(transport);
      session.sent += 1;
      link.connection.write(
        Buffer.concat([
          link.frameBytes({ opcode: 1, payload: 'hel', final: false }),
          link.frameBytes({ opcode: 9, payload: 'one' }),
          link.frameBytes({ opcode: 9, payload: 'two' }),
          link.frameBytes({ opcode: 0, payload: 'lo' }),
        ]),
      );
      await link.gets(1);
      const frames = readFrames(link.answer.body.bytes).filter(({ payload }) => payload[0] !== 0);
      const seen = frames.map(({ opcode, payload }) => [opcode, payload.toString()]);
      const order = [
        [10, 'one'],
        [10, 'two'],
        [1, 'hello'],
      ];
      expectEqual('pongs and messages', seen, order);
    }),
    onLink('[TR-18.3] ignores an unsolicited pong', async (x) => {
      const { session, link } = await x.join(transport);
      link.frame({ opcode: 10, payload: 'unasked' });
      session.send(link, 'alive');
      expectEqual('the echoed messages', await link.gets(1), ['alive']);
    }),
  ];
}

/** Checks of `docs/spec/transports.md`: WebSocket. */
export const socketChecks: readonly Check[] = [
  check('[TR-16.1] accepts the opening handshake of everywire.2', async (x) => {
    const offered = ['everywire.2', 'other, everywire.2', 'everywire.2,other'];
    for (const protocols of offered) {
      const { answer } = await x.webSocket({ 'Sec-WebSocket-Protocol': protocols, Connection: 'keep-alive, Upgrade' });
      const names = ['upgrade', 'sec-websocket-accept', 'sec-websocket-protocol'];
      const seen = names.map((name) => answer.headers.get(name));
      expectEqual(`the answer to ${protocols}`, seen, ['websocket', HANDSHAKE_ACCEPT, 'everywire.2']);
    }
  }),
  check(
    '[TR-16.2] [TR-16.5] [TR-16.6] [TR-16.7] [TR-16.8] refuses any other opening handshake with a specific code',
    async (x) => {
      await refuses(x, 400, 'websocket_key', { 'Sec-WebSocket-Key': 'dG9vIHNob3J0' });
      await refuses(x, 400, 'websocket_key', { 'Sec-WebSocket-Key': undefined });
      await refuses(x, 426, 'websocket_version', { 'Sec-WebSocket-Version': '8' });
      await refuses(x, 400, 'wire_version', { 'Sec-WebSocket-Protocol': 'everywire.1, everywire.3' });
      await refuses(x, 400, 'subprotocol_malformed', { 'Sec-WebSocket-Protocol': 'everywire.2, everywire.2' });
      await refuses(x, 400, 'subprotocol_malformed', { 'Sec-WebSocket-Protocol': 'every wire' });
      await refuses(x, 400, 'body_not_allowed', { 'Content-Length': '5' });
    },
  ),
  check('[TR-7.3] refuses a WebSocket from a foreign origin', async (x) => {
    for (const Origin of ['http://everywire.invalid', 'null', `${x.target.origin}.evil`])
      await refuses(x, 403, 'origin_refused', { Origin });
  }),
  check('[TR-16.9] reads frames that arrive together with the handshake', async (x) => {
    const connection = await x.connect();
    const lines = Object.entries(handshakeHeaders).map(([name, value]) => `${name}: ${value}\r\n`);
    const head = `GET ${x.target.path}/websocket HTTP/1.1\r\nHost: ${x.target.authority}\r\n${lines.join('')}\r\n`;
    const open = frameBytes({ opcode: 1, payload: `\0${JSON.stringify(x.openRecord())}` });
    connection.write(Buffer.concat([Buffer.from(head), open]));
    await connection.until('opened', () => connection.bytes.includes('"opened"'));
  }),
  ...duplexTransports.flatMap(closingOf),
  check(
    '[TR-19] closes a socket with 1008 if neither `open` nor `attach` arrives',
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
  check('[SN-16.1] opens no session on a WebSocket that did not request everywire.2', async (x) => {
    const headers = { ...handshakeHeaders, 'Sec-WebSocket-Protocol': 'other.9' };
    const answer = await x.request({ method: 'GET', name: 'websocket', headers });
    expectThat(
      'subprotocol',
      answer.headers.get('sec-websocket-protocol') !== 'everywire.2',
      'not everywire.2',
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
