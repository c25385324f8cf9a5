import { connect } from 'node:net';
import { encodeFrame, OPCODE } from '@everywire/protocol/internal';
import type { WireServerOptions } from '@everywire/server';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from './hand-client.js';
import { HandTcp, listenTcp, type TcpListening } from './hand-tcp.js';

/** What a Flash player sends first to ask whether it may connect. */
const POLICY_REQUEST = '<policy-file-request/>\0';
const flashPolicy = { domains: ['chat.example.org', '127.0.0.1'] };

let server: TcpListening;
let honest: HandTcp;
const clients: HandTcp[] = [];
afterEach(async () => {
  await expectUnharmed();
  for (const { socket } of clients.splice(0)) socket.destroy();
  await server.end();
});

/** Starts a server with one honest client that must not notice the others. */
async function start(options: Partial<WireServerOptions> = {}): Promise<void> {
  server = await listenTcp({
    onSession: (session) => {
      session.onMessage = (data) => void session.send(data);
    },
    ...options,
  });
  honest = await HandTcp.join(server.tcpPort);
  clients.push(honest);
}

/** Checks that the honest client still sends and receives. */
async function expectUnharmed(): Promise<void> {
  const before = honest.got.length;
  honest.send('still there');
  await eventually(() => honest.got.length === before + 1);
  expect([honest.got.at(-1), honest.closed]).toEqual(['still there', false]);
}

/** Opens a connection that the test closes at its end. */
function open(): HandTcp {
  const client = new HandTcp(server.tcpPort);
  clients.push(client);
  return client;
}

/** Opens a session that the test closes at its end. */
async function join(): Promise<HandTcp> {
  const client = await HandTcp.join(server.tcpPort);
  clients.push(client);
  return client;
}

/** Returns everything a connection receives for these bytes, until it is closed. */
async function answerTo(bytes: string | Uint8Array): Promise<string> {
  const client = open();
  let all = '';
  client.socket.on('data', (chunk: Buffer) => {
    all += chunk.toString('latin1');
  });
  client.write(bytes);
  await client.ended();
  return all;
}

describe('T1 policy file', () => {
  it('[T1] [TR-43.2] [TR-43.3] the exact 23 bytes get one policy with the listed domains and ports, then the end', async () => {
    await start({ flashPolicy });
    expect(POLICY_REQUEST.length).toBe(23);
    const answer = await answerTo(POLICY_REQUEST);
    expect(answer).toBe(
      '<?xml version="1.0"?><cross-domain-policy>' +
        `<allow-access-from domain="chat.example.org" to-ports="${server.tcpPort}"/>` +
        `<allow-access-from domain="127.0.0.1" to-ports="${server.tcpPort}"/></cross-domain-policy>\0`,
    );
  });

  it('[T1] [TR-43.2] the policy request is answered when it arrives byte by byte, and once', async () => {
    await start({ flashPolicy: { ...flashPolicy, ports: [8089] } });
    const client = open();
    let all = '';
    client.socket.on('data', (chunk: Buffer) => {
      all += chunk.toString('latin1');
    });
    for (const letter of POLICY_REQUEST) {
      client.write(letter);
      await new Promise((done) => setImmediate(done));
    }
    await client.ended();
    expect(all.split('<cross-domain-policy>').length).toBe(2);
    expect(all).toContain('to-ports="8089"');
  });

  it.each([
    ['longer', `${POLICY_REQUEST}x`],
    ['twice', POLICY_REQUEST + POLICY_REQUEST],
    ['without the NUL', `${POLICY_REQUEST.slice(0, -1)}\n`],
    ['something else', '<policy-file-requesT/>\0'],
  ])('[T1] [TR-43.4] a policy request that is %s is closed without an answer', async (_what, bytes) => {
    await start({ flashPolicy });
    expect(await answerTo(bytes)).toBe('');
  });

  it('[T1] [T8] [TR-43.1] the policy file is off by default, and no port is opened for it', async () => {
    await start();
    expect(await answerTo(POLICY_REQUEST)).toBe('');
    const master = connect(843, '127.0.0.1');
    await expect(new Promise((resolve) => master.once('error', resolve))).resolves.toMatchObject({
      code: 'ECONNREFUSED',
    });
  });

  it.each([
    ['domains', { domains: ['*'] }],
    ['domains', { domains: ['*.example.org'] }],
    ['domains', { domains: ['a"/><allow-access-from domain="*'] }],
    ['domains', { domains: [] }],
    ['ports', { domains: ['a.example'], ports: [0] }],
  ])('[T1] [TR-43.3] wrong %s are refused at the start: %o', async (name, policy) => {
    await start();
    await expect(listenTcp({ flashPolicy: policy })).rejects.toThrow(`flashPolicy.${name}`);
  });
});

describe('T3 what is not ours', () => {
  it.each([
    ['HTTP', 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['a form of a page', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 12\r\n\r\neverywire.2\n'],
    ['TLS', Uint8Array.of(0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03)],
    ['SMTP', 'EHLO localhost\r\n'],
    ['SSH', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['a name in capitals', 'Everywire.1\n'],
    ['a name with more behind it', 'everywire.2 <script>\n'],
    ['a line with CR', 'everywire.2\r\n'],
  ])('[T3] [TR-42.1] %s is closed, and nothing comes back', async (_what, bytes) => {
    await start();
    expect(await answerTo(bytes)).toBe('');
  });

  it('[T3] [TR-42.1] a foreign protocol is recognized by its first wrong byte', async () => {
    await start();
    const client = open();
    client.write('G');
    await client.ended();
    expect(client.line).toBe('');
    expect(server.notices).toEqual([{ code: 'socket_refused', text: 'A socket was closed with 1002: no_hello.' }]);
  });
});

describe('T4 lengths', () => {
  it('[T4] [TR-44.2] a line without an end is closed after 64 bytes', async () => {
    await start();
    const client = open();
    client.write(`everywire.2${' everywire.2'.repeat(100)}`);
    await client.ended();
    expect(client.line).toBe('');
  });

  it.each([
    ['four thousand million bytes', [0x82, 127, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff], 1009],
    ['a negative length', [0x82, 127, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], 1002],
    ['a length not in its shortest form', [0x82, 127, 0, 0, 0, 0, 0, 0, 0, 0], 1002],
  ])('[T4] [FR-11] %s is closed from the header', async (_what, header, code) => {
    await start();
    const client = await join();
    const before = process.memoryUsage().arrayBuffers;
    client.write(Uint8Array.from(header));
    await client.ended();
    expect(client.closeCode).toBe(code);
    // The test runner is in this process and may allocate some megabytes; the header claims four thousand.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(256_000_000);
  });

  it('[T4] [FR-4] an empty message is a message like any other', async () => {
    await start();
    const client = await join();
    client.counts.sent += 1;
    client.write(Uint8Array.of(0x81, 0x00));
    await eventually(() => client.got.length === 1);
    expect(client.got).toEqual(['']);
  });
});

describe('T5 silent clients', () => {
  it('[T5] [TR-42.2] a silent client is closed after its time: before the hello, and after it', async () => {
    await start({ limits: { tcpUnattachedMs: 300 } });
    const [mute, half, greeted] = [open(), open(), open()];
    const startedAt = performance.now();
    half.write('every');
    greeted.write('everywire.2\n');
    await Promise.all([mute.ended(), half.ended(), greeted.ended()]);
    expect(performance.now() - startedAt).toBeGreaterThan(250);
    expect([mute.line, half.line, greeted.closeCode]).toEqual(['', '', 1008]);
  });

  it('[T5] [TR-42.3] of 200 idle connections of one address, those above its limit are closed, and one notice is logged', async () => {
    await start({ limits: { tcpPerAddressMax: 100 } });
    const idle = Array.from({ length: 200 }, () => open());
    await eventually(() => idle.filter(({ closed }) => closed).length === 101);
    expect(server.notices.filter(({ code }) => code === 'tcp_per_address').length).toBe(1);
    for (const { socket } of idle) socket.destroy();
    // There is room again: closed connections are not counted.
    for (let again = open(); again.line === ''; again = open()) {
      again.write('everywire.2\n');
      await eventually(() => again.line !== '' || again.closed);
      if (again.line !== '') break;
    }
  });
});

it('[T7] [SN-16.2] delimiters, NUL and a hello inside a message are its content', async () => {
  await start();
  const client = await join();
  const texts = ['a\0b\nc\r\n', '\0at the front', 'everywire.2\n', POLICY_REQUEST, ''];
  for (const text of texts) client.send(text);
  await eventually(() => client.got.length === texts.length);
  expect(client.got).toEqual(texts);
});

it('[T4] [EN-8] a whole frame in pieces is one message; the length rules, not the reads', async () => {
  await start();
  const client = await join();
  const payload = Buffer.alloc(60_000, 'x');
  const frame = encodeFrame(OPCODE.text, payload);
  client.counts.sent += 1;
  for (let at = 0; at < frame.length; at += 9_973) {
    client.write(frame.subarray(at, at + 9_973));
    await new Promise((done) => setImmediate(done));
  }
  await eventually(() => client.got.length === 1);
  expect(client.got[0]).toBe(payload.toString());
});
