import { type Check, type CheckOptions, check } from '../check.js';
import type { Connection } from '../connection.js';
import type { Examiner } from '../examiner.js';
import { frameBytes, readFrames } from '../frames.js';
import { HELLO, HelloAnswer } from '../hello-answer.js';
import { expectEqual, expectThat } from '../mismatch.js';
import { TestLink } from '../test-link.js';

const tcp: CheckOptions = { needsTcp: true };
const POLICY_REQUEST = '<policy-file-request/>\0';

/** Opens a connection and sends these bytes. */
async function connectAndSend(x: Examiner, bytes: string | Uint8Array): Promise<Connection> {
  const connection = await x.connectTcp();
  connection.write(bytes);
  return connection;
}

/** Sends these bytes on a new connection, and returns all that the server sends before it closes. */
async function answerOf(x: Examiner, bytes: string | Uint8Array, what: string): Promise<string> {
  const connection = await connectAndSend(x, bytes);
  await connection.untilEnded(`the end after ${what}`);
  return connection.bytes.toString('latin1');
}

/** One rule of a policy, with one domain and a list of ports. */
const policyRule = /<allow-access-from domain="[a-z0-9.-]+" to-ports="\d+(?:,\d+)*"\/>/gi;

/** Checks of `docs/spec/transports.md`: raw TCP. Frames, pings and closing are checked together with WebSocket. */
export const tcpChecks: readonly Check[] = [
  check(
    '[TR-44.1] [TR-44.3] answers a hello with the chosen version, then exchanges frames',
    async (x) => {
      for (const line of ['everywire.2\n', 'everywire.7 everywire.2\n', 'everywire.2 everywire.3\n']) {
        const connection = await x.connectTcp();
        for (const letter of line) {
          connection.write(letter);
          await new Promise((resolve) => setImmediate(resolve));
        }
        const link = new TestLink('tcp', await HelloAnswer.read(connection));
        link.record(x.openRecord());
        await link.next('opened');
      }
    },
    tcp,
  ),
  check(
    '[TR-44.4] reads frames that arrive together with the hello',
    async (x) => {
      const open = frameBytes({ opcode: 1, payload: `\0${JSON.stringify(x.openRecord())}`, masked: false });
      const connection = await connectAndSend(x, Buffer.concat([Buffer.from(HELLO), open]));
      await new TestLink('tcp', await HelloAnswer.read(connection)).next('opened');
    },
    tcp,
  ),
  check(
    '[TR-44.5] names its version to a client that supports only others, and closes',
    async (x) => {
      for (const line of ['everywire.3\n', 'everywire.10 everywire.11\n'])
        expectEqual(`the answer to ${line.trim()}`, await answerOf(x, line, line.trim()), 'unsupported everywire.2\n');
    },
    tcp,
  ),
  check(
    '[TR-44.2] silently closes a connection whose hello is malformed after its first word',
    async (x) => {
      const wrong = [
        'everywire.2\r\n',
        'everywire.2  everywire.3\n',
        ' everywire.2\n',
        'everywire.\n',
        `${'everywire.2 '.repeat(6)}everywire.2\n`,
        'everywire.'.padEnd(64, '1'),
      ];
      for (const line of wrong) expectEqual(`the answer to ${JSON.stringify(line)}`, await answerOf(x, line, line), '');
    },
    tcp,
  ),
  check(
    '[TR-44.7] fails the TLS handshake of a client that offers only other protocols',
    async (x) => {
      if (x.target.tcp?.encrypted !== true) return;
      const opened = await x.connectTcp('http/1.1').then(
        () => true,
        () => false,
      );
      expectThat('the TLS handshake', !opened, 'to fail', opened);
    },
    tcp,
  ),
  check(
    '[TR-41] fails a masked frame, and sends none',
    async (x) => {
      const { session, link } = await x.join('tcp');
      session.send(link, 'unmasked');
      expectEqual('the echoed messages', await link.gets(1), ['unmasked']);
      const masked = readFrames(link.answer.body.bytes).filter((frame) => frame.masked);
      expectEqual('masked frames of the server', masked.length, 0);
      link.frame({ opcode: 1, payload: 'masked', masked: true });
      const seen = await link.connection.until('a close frame', () => link.closeCode ?? link.messages[1]);
      expectEqual('the answer', seen, 1002);
      expectEqual('the session', (await session.up())['t'], 'answer');
    },
    tcp,
  ),
  check(
    '[TR-42.1] silently closes a connection that begins with anything else',
    async (x) => {
      const wrong: Readonly<Record<string, string | Uint8Array>> = {
        HTTP: 'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
        // The first bytes of a TLS 1.2 ClientHello.
        TLS: Uint8Array.of(0x16, 3, 1, 0, 0xa5, 1),
        SMTP: 'EHLO a\r\n',
        'one byte': '\n',
      };
      for (const [what, bytes] of Object.entries(wrong))
        expectEqual(`the answer to ${what}`, await answerOf(x, bytes, what), '');
    },
    tcp,
  ),
  check(
    '[TR-42.2] closes a connection that carries no session in time, with 1008 after a hello',
    async (x) => {
      const { tcpUnattachedMs } = x.settings;
      const began = performance.now();
      const [silent, greeted] = [await x.connectTcp(), await x.tcp()];
      const code = await greeted.closes();
      const took = Math.round(performance.now() - began);
      expectEqual('the close code', code, 1008);
      expectThat('the time it waited', took >= tcpUnattachedMs * 0.9, `about ${tcpUnattachedMs} ms`, took);
      await silent.untilEnded('the end of the silent connection');
      expectEqual('the bytes received before', silent.bytes.length, 0);
    },
    { ...tcp, waitMs: (settings) => settings.tcpUnattachedMs },
  ),
  check(
    '[TR-43.2] [TR-43.3] answers a Flash policy request with one policy that names domains and ports, or not at all',
    async (x) => {
      const policy = await answerOf(x, POLICY_REQUEST, 'a policy request');
      if (policy === '') return;
      expectThat('its end', policy.indexOf('\0') === policy.length - 1, 'one NUL, at the end', policy);
      const others = policy.replaceAll(policyRule, '');
      expectEqual(
        'the policy without its rules',
        others,
        '<?xml version="1.0"?><cross-domain-policy></cross-domain-policy>\0',
      );
    },
    tcp,
  ),
  check(
    '[TR-43.4] does not answer a malformed policy request',
    async (x) => {
      for (const bytes of [`${POLICY_REQUEST}\0`, '<policy-file-request />\0', '<policy-file-request/>\n'])
        expectEqual(`the answer to ${JSON.stringify(bytes)}`, await answerOf(x, bytes, bytes), '');
    },
    tcp,
  ),
];
