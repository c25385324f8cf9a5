import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';

const program = resolve('scripts/run-built.mjs');

function run(args: readonly string[], env: Readonly<Record<string, string>>, cwd?: string) {
  const child = spawn(process.execPath, [program, 'apps/classic/src/main.ts', ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk) => (errors += chunk));
  return { child, lines: createInterface(child.stdout), errors: () => errors };
}

it('a port in use is reported, the other servers serve, and a signal ends open connections', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const taken = (other.address() as AddressInfo).port;
  const { child, lines, errors } = run(['--ws-ports', String(taken), '--interval', '60000'], { PORT: '0' });
  const [line] = (await once(lines, 'line')) as [string];
  const url = /^the classic examples: (http:\S+)$/.exec(line)?.[1];
  const stream = await fetch(`${url}stream`);
  await expect.poll(errors).toBe(`the WebSocket echo cannot listen at 127.0.0.1:${taken}: the port is in use\n`);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(await stream.text()).toMatch(/^message 1, /);
  other.close();
});

it('a wrong option is named, with all that there are', async () => {
  const { child, errors } = run(['--interval', '1'], {});
  expect(await once(child, 'close')).toEqual([2, null]);
  expect(errors()).toMatch(/^--interval 1 is not a number from 10 to 60000\n\nnpm run classic -- \[options\]/);
});

it('the servers find their documents when they are started in another directory', async () => {
  const { child, lines } = run([], { PORT: '0' }, tmpdir());
  const [line] = (await once(lines, 'line')) as [string];
  const url = /^the classic examples: (http:\S+)$/.exec(line)?.[1];
  try {
    expect((await fetch(`${url}docs/transports`)).status).toBe(200);
    expect(await (await fetch(`${url}docs/transports?lang=zh`)).text()).toContain('各种传输方式');
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
});

it('a signal ends the servers though clients are dead: one WebSocket answers no Close, one request has no end', async () => {
  const { child, lines } = run(['--interval', '60000'], { PORT: '0' });
  const [line] = (await once(lines, 'line')) as [string];
  const port = Number(/:(\d+)\/$/.exec(line)?.[1]);
  const dead = await Promise.all(
    [
      'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
      'POST /time HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n',
      'GET /stream HTTP/1.1\r\nHost: a\r\n\r\n',
    ].map(async (head) => {
      const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
      socket.on('error', () => undefined).write(head);
      await once(socket, 'readable');
      return socket;
    }),
  );
  child.kill('SIGTERM');
  // `ws` gives up a peer after 30 s, and HTTP a request after 300 s.
  const late = setTimeout(() => child.kill('SIGKILL'), 15_000);
  expect(await once(child, 'exit')).toEqual([0, null]);
  clearTimeout(late);
  for (const socket of dead) socket.destroy();
});
