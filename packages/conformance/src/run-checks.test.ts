import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, createServer as createNetServer, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { check } from './check.js';
import { checks } from './checks.js';
import { runChecks } from './run-checks.js';
import { parseTarget, type Target } from './target.js';

// Tests `runChecks`, which runs the checks of the conformance suite against a server, with servers that fail.

const limits = {
  messageBytesMax: 1_024,
  batchMessagesMax: 10,
  heartbeatMs: 1_000,
  up: { messages: 100, bytes: 4_096 },
  down: { messages: 100, bytes: 4_096 },
};
const counts = { ack: 0, received: 0, seen: 0, sent: 0, sum: 0 };

/** Starts the server and returns its host and port. */
async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Starts a server that opens sessions and sends its settings, and fails every other request. */
async function brokenServer(): Promise<Target> {
  async function answer(request: IncomingMessage): Promise<string | null> {
    const body = await text(request);
    if (request.url === '/everywire/open') return JSON.stringify({ t: 'opened', id: 'x', limits });
    if (request.url === '/everywire/up' && body.includes('"settings"'))
      return JSON.stringify({ t: 'answer', ...counts });
    if (request.url === '/everywire/long-poll')
      return `${JSON.stringify({ t: 'attached', first: 1, ...counts })}\n"{}"\n`;
    return null;
  }
  const server = createServer((request, response) => {
    void answer(request).then((text) => {
      if (text === null) response.writeHead(500).end();
      else response.end(text);
    });
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return parseTarget(`http://${await listen(server)}/everywire`);
}

it('a check with two concurrent operations reports its failure', { timeout: 60_000 }, async () => {
  const names = [
    '[SN-1] delivers each message once and in order over event-stream',
    '[SN-11] switches between links during traffic without loss',
    '[TR-11.4] [TR-11.5] issues the next ticket on each link that a ticket opened',
  ];
  const target = await brokenServer();
  const results = await runChecks(
    target,
    checks.filter(({ name }) => names.includes(name)),
  );
  expect(new Map(results.map(({ name, outcome }) => [name, outcome]))).toEqual(
    new Map(names.map((name) => [name, 'failed'])),
  );
  expect(results.map(({ seen }) => seen)).not.toContain(undefined);
});

it('a rule selects the checks of its parts, and no rule with the same prefix', async () => {
  const all = ['SN-7.4', 'SN-7', 'SN-7.14', 'SN-70.4'].map((rule) => check(`[${rule}] passes`, async () => undefined));
  const chosen = async (rule: string): Promise<readonly string[]> => {
    const results = await runChecks(await brokenServer(), all, { only: new Set([rule]) });
    return results.flatMap(({ rules }) => rules);
  };
  expect(await chosen('SN-7')).toEqual(['SN-7.4', 'SN-7', 'SN-7.14']);
  expect(await chosen('SN-7.4')).toEqual(['SN-7.4']);
});

it('a check that waits for a TLS handshake times out', { timeout: 60_000 }, async () => {
  const silent = createNetServer((socket) => socket.on('error', () => undefined));
  const { tcp } = parseTarget('http://127.0.0.1', undefined, `tls://${await listen(silent)}`);
  onTestFinished(() => void silent.close());
  const waits = check('waits for TLS', async (x) => void (await x.connectTcp()), { needsTcp: true });
  const [result] = await runChecks({ ...(await brokenServer()), tcp }, [waits], { deadlineMs: 300 });
  expect(result).toMatchObject({ outcome: 'failed', what: 'a connection', seen: 'nothing within 300 ms' });
});
