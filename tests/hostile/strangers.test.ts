// @module-tag wide
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { OPCODE } from '@everywire/protocol/internal';
import { afterAll, describe, expect } from 'vitest';
import { frame, head } from './peer.js';
import { endStarted, startRow } from './start-row.js';
import type { StartTarget } from './start-target.js';

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: h\r\n\r\n`;

/** Opens a connection that reads nothing until `resume`. */
async function silent(target: StartTarget): Promise<Socket> {
  const socket = connect(target.port, '127.0.0.1').pause();
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

afterAll(endStarted);

describe('a stranger who writes many requests at once and reads no answer', () => {
  startRow(
    '[H25] a stranger who requests a large document many times and reads no answer takes little memory',
    600,
    async (target, times) => {
      const socket = await silent(target);
      socket.write(get('/api/openapi.json').repeat(times));
      await target.quiet();
      socket.destroy();
    },
  );

  startRow(
    '[H26] a stranger who requests a file many times and disconnects holds no file open',
    1_000,
    async (target, times) => {
      const socket = await silent(target);
      socket.write(get(target.scriptPath).repeat(times));
      await target.quiet();
      socket.destroy();
    },
  );

  startRow(
    '[H27] a stranger who requests a short document many times and reads no answer stalls no one',
    10_000,
    async (target, times) => {
      const socket = await silent(target);
      socket.write(get('/healthz').repeat(times));
      await target.quiet();
      // Everything that was written is now read.
      let answered = 0;
      let text = '';
      socket.on('data', (chunk: Buffer) => {
        const heads = (text + chunk.toString('latin1')).split('HTTP/1.1 200');
        answered += heads.length - 1;
        text = heads.at(-1)?.slice(-11) ?? '';
      });
      socket.resume();
      while (answered < times) await once(socket, 'data');
      socket.destroy();
    },
  );
});

describe('a stranger who opens more connections than the server may have open', () => {
  startRow(
    '[H28] a stranger who opens too many connections and sends one request on each leaves room for others',
    1_000,
    async (target, times) => {
      const sockets = await Promise.all(Array.from({ length: times }, () => silent(target)));
      for (const socket of sockets) socket.write(get('/healthz'));
      await target.quiet();
      for (const socket of sockets) socket.destroy();
    },
  );
});

describe('a stranger who begins many large bodies and ends none', () => {
  const body = Buffer.alloc(1_900_000, ' ');
  const post = `POST /everywire/up HTTP/1.1\r\nHost: h\r\nContent-Length: ${body.length + 1}\r\n\r\n`;

  startRow(
    '[P23] a stranger who begins many large bodies and ends none takes little memory',
    100,
    async (target, times) => {
      const sockets = await Promise.all(Array.from({ length: times }, () => silent(target)));
      for (const socket of sockets) {
        socket.write(post);
        socket.write(body);
      }
      await target.quiet();
      for (const socket of sockets) socket.destroy();
    },
  );
});

describe('a stranger who sends bodies in chunks that never end', () => {
  const head = 'POST /everywire/up HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n';

  /** Sends these bytes of a body on several connections. */
  async function send(target: StartTarget, connections: number, bytes: string): Promise<void> {
    const sockets = await Promise.all(Array.from({ length: connections }, () => silent(target)));
    for (const socket of sockets) socket.write(head + bytes);
    await target.quiet();
    for (const socket of sockets) socket.destroy();
  }

  startRow(
    '[P24] a stranger who sends chunks of empty lines without end takes little memory',
    600_000,
    (target, times) => send(target, 6, `1e0000\r\n${'\n\nx'.repeat(times)}`),
  );

  startRow(
    '[P25] a stranger who sends chunks of one byte without end takes little memory, and stalls no one',
    20_000,
    (target, times) => send(target, 50, '1\r\nx\r\n'.repeat(times)),
  );
});

/** The defaults of `limits.quietAtOnce` and `quietRefillMs`. */
const quiet = { atOnce: 40, refillMs: 50 };
/** Number of connections of a flood. */
const CONNECTIONS = 20;

/**
 * Sends requests on several connections, each when the previous one was answered, until this many answers have arrived;
 * fails if that was faster than the rate of one session.
 */
async function flood(target: StartTarget, times: number, name: string, fields: (n: number) => object): Promise<void> {
  const id = await target.openSession();
  const counts = { ack: 0, received: 0, seen: 0, sent: 0, sum: 0 };
  const began = performance.now();
  let [requested, answered] = [0, 0];
  const ask = async (): Promise<void> => {
    const socket = connect(target.port, '127.0.0.1');
    while (answered < times) {
      requested += 1;
      const body = JSON.stringify({ id, ...fields(requested), ...counts });
      socket.write(`POST /everywire/${name} HTTP/1.1\r\nHost: h\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
      await once(socket, 'data');
      answered += 1;
    }
    socket.destroy();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, ask));
  expect(performance.now() - began).toBeGreaterThanOrEqual((times - quiet.atOnce - CONNECTIONS) * quiet.refillMs);
}

describe('a signed-up stranger who sends empty requests as fast as they are answered', () => {
  startRow("[P21] a stranger's empty polls are answered at the rate of a session", 160, (target, times) =>
    flood(target, times, 'long-poll', (n) => ({ t: 'attach', n, instance: 1, prompt: true })),
  );

  startRow("[P22] a stranger's empty bodies are answered at the rate of a session", 160, (target, times) =>
    flood(target, times, 'up', () => ({ t: 'body', n: 1, instance: 1, first: 1, count: 0 })),
  );

  startRow("[W38] a stranger's pings are read at the rate of a connection", 50_000, async (target, times) => {
    const socket = connect(target.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(head());
    await once(socket, 'data');
    const began = performance.now();
    socket.write(Buffer.concat(Array(times).fill(frame(OPCODE.ping))));
    socket.write(frame(OPCODE.ping, 'last'));
    let bytes = '';
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.toString('latin1');
    });
    while (!bytes.includes('last')) await once(socket, 'data');
    // One chunk of 64 kB per second.
    expect(performance.now() - began).toBeGreaterThanOrEqual((Math.floor((times * 6) / 65_536) - 1) * 1_000);
    socket.destroy();
  });
});
