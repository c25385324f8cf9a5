import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectTcp, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { createTestAuthority } from '@everywire/testkit';
import { afterEach, expect, test } from 'vitest';
import { wideUnless } from '../../../tests/lane.js';

/* Tests the real process: built, started on a free port with an empty directory, and used over the network. */

const root = fileURLToPath(new URL('../../..', import.meta.url));
const main = join(root, 'apps/everywire/dist/command.js');

interface Run {
  readonly child: ChildProcess;
  readonly directory: string;
  output: string;
  readonly ended: Promise<number | null>;
}

const runs: Run[] = [];

afterEach(async () => {
  for (const run of runs.splice(0)) {
    run.child.kill('SIGKILL');
    await run.ended;
    rmSync(run.directory, { recursive: true, force: true });
  }
});

function start(env: Record<string, string> = {}, directory = mkdtempSync(join(tmpdir(), 'everywire-main-'))): Run {
  const child = spawn(process.execPath, [main], {
    cwd: directory,
    env: { PATH: process.env['PATH'], PORT: '0', HOST: '127.0.0.1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)));
  const run: Run = { child, directory, output: '', ended };
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      run.output += chunk.toString();
    });
  }
  runs.push(run);
  return run;
}

/** Resolves with the address in the line that reports readiness. */
async function ready(run: Run): Promise<string> {
  for (;;) {
    const address = /^Everywire is ready at (https?:\S+)$/m.exec(run.output)?.[1];
    if (address !== undefined) return address;
    const more = new Promise((resolve) => run.child.stdout?.once('data', resolve));
    await Promise.race([more, run.ended]);
    if (run.child.exitCode !== null) throw new Error(`it ended before it was ready:\n${run.output}`);
  }
}

/** Returns what a failed start printed, without log lines. */
async function refusal(run: Run): Promise<readonly string[]> {
  expect(await run.ended).toBe(1);
  return run.output.split('\n').filter((line) => line !== '' && !/^\d{4}-/.test(line));
}

test('continues when its log is no longer read, and stops cleanly when its terminal is closed', async () => {
  const run = start({ EVERYWIRE_LOG: 'debug' });
  const address = await ready(run);
  run.child.stdout?.destroy();
  run.child.stderr?.destroy();
  for (let asked = 0; asked < 20; asked += 1) expect((await fetch(`${address}/healthz`)).status).toBe(200);
  run.child.kill('SIGHUP');
  // It says more while it stops.
  expect(await run.ended).toBe(0);
});

test('starts, reports it in one line, answers, and stops cleanly on a signal', async () => {
  const run = start();
  const address = await ready(run);
  const probes = await Promise.all(['/healthz', '/readyz', '/api/server'].map((path) => fetch(address + path)));
  expect(probes.map((probe) => probe.status)).toEqual([200, 200, 200]);
  expect(await probes[2]?.json()).toEqual({
    name: 'Everywire',
    runBy: '',
    registration: 'open',
    openId: null,
    ...{ nameCharactersMin: 2, nameCharactersMax: 32, displayNameCharactersMax: 64, statusCharactersMax: 100 },
    ...{ passwordCharactersMin: 8, passwordCharactersMax: 256 },
    tcp: null,
    // Without a mail server the terminal shows the link.
    ...{ passwordReset: 'operator', hasAdministrator: false },
    version: '0.1.0',
  });
  run.child.kill('SIGTERM');
  expect(await run.ended).toBe(0);
  expect(run.output.match(/http:\/\//g)).toHaveLength(2);
  expect(run.output).toMatch(
    /opens the store .*\n.*Created the store.*\n[\s\S]*saving the sessions\n.*Closing the store\n.*Stopped\n$/,
  );
});

test('prints a link for the first admin, another at each start, and no more once there is an admin', async () => {
  const first = start({ EVERYWIRE_PUBLIC_URL: 'https://chat.example.org', EVERYWIRE_REGISTRATION: 'closed' });
  const secretOf = async (run: Run): Promise<string> => {
    await said(run, /\/#\/setup\/ewl_\S+$/m);
    return /\/#\/setup\/(ewl_\S+)$/m.exec(run.output)?.[1] ?? '';
  };
  await ready(first);
  const old = await secretOf(first);
  expect(first.output).toContain(`  https://chat.example.org/#/setup/${old}`);
  first.child.kill('SIGKILL');
  await first.ended;
  const second = start({}, first.directory);
  const address = await ready(second);
  const secret = await secretOf(second);
  const setUp = (given: string): Promise<Response> => {
    const body = JSON.stringify({ secret: given, name: 'root', password: 'correct horse' });
    return fetch(`${address}/api/setup`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  };
  expect([(await setUp(old)).status, (await setUp(secret)).status]).toEqual([410, 201]);
  second.child.kill('SIGKILL');
  await second.ended;
  const third = start({ EVERYWIRE_TCP_PORT: 'off' }, first.directory);
  await ready(third);
  third.child.kill('SIGTERM');
  expect(await third.ended).toBe(0);
  expect(third.output).not.toContain('/#/setup/');
});

test('a registered account exists after a restart and after a kill', { tags: ['wide'] }, async () => {
  const body = JSON.stringify({ name: 'ada', password: 'correct horse' });
  const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
  const first = start();
  const registered = await fetch(`${await ready(first)}/api/register`, request);
  const { token } = (await registered.json()) as { token: string };
  first.child.kill('SIGKILL');
  await first.ended;
  const second = start({}, first.directory);
  const address = await ready(second);
  const me = await fetch(`${address}/api/me`, { headers: { authorization: `Bearer ${token}` } });
  expect(await me.json()).toEqual({ me: { id: 1, name: 'ada', displayName: 'ada' } });
  expect((await fetch(`${address}/api/login`, request)).status).toBe(200);
  expect(second.output).not.toContain(token);
});

const refusals: readonly [string, Record<string, string>, RegExp][] = [
  [
    'a wrong value',
    { PORT: '80a8' },
    /^Everywire cannot start: PORT is "80a8", but must be a whole number from 0 to 65535\.$/,
  ],
  [
    'an unknown setting',
    { EVERYWIRE_PROT: '1' },
    /^Everywire cannot start: Unknown setting EVERYWIRE_PROT in the environment\. The settings are PORT, /,
  ],
  [
    'a missing file',
    { EVERYWIRE_CONFIG: 'none.json' },
    /^Everywire cannot start: EVERYWIRE_CONFIG is "none\.json", which cannot be read/,
  ],
  [
    'a foreign host',
    { HOST: '192.0.2.1' },
    /^Everywire cannot start: HOST is "192\.0\.2\.1", which is not an address of this machine\./,
  ],
  ['half of TLS', { EVERYWIRE_TLS_CERT: 'cert.pem' }, /^Everywire cannot start: EVERYWIRE_TLS_KEY is missing/],
  [
    'a certificate that is not there',
    { EVERYWIRE_TLS_CERT: 'none.pem', EVERYWIRE_TLS_KEY: 'none.pem' },
    /^Everywire cannot start: EVERYWIRE_TLS_CERT is "none\.pem", which cannot be read \(ENOENT\)/,
  ],
  ['a data directory that cannot be', { EVERYWIRE_DATA: '/dev/null/x' }, /^Everywire cannot start: .*\/dev\/null\/x/],
];
for (const [name, env, line] of refusals) {
  const tags = wideUnless(name === 'a wrong value' || name === 'a data directory that cannot be');
  test(`refuses to start with ${name}, in one line`, { tags }, async () => {
    const lines = await refusal(start(env));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(line);
  });
}

test('reads its file from the directory it is started in, and the environment wins', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'everywire-main-'));
  const file = { EVERYWIRE_NAME: 'Harbour', EVERYWIRE_RUN_BY: 'Ada', EVERYWIRE_REGISTRATION: 'closed' };
  writeFileSync(join(directory, 'everywire.config.json'), JSON.stringify(file));
  const address = await ready(start({ EVERYWIRE_NAME: 'Hill' }, directory));
  const place = await (await fetch(`${address}/api/server`)).json();
  expect(place).toMatchObject({ name: 'Hill', runBy: 'Ada', registration: 'closed' });
});

test('refuses a port that is in use, and a store that is in use, in one line each', async () => {
  const occupant = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => occupant.once('listening', resolve));
  const { port } = occupant.address() as { port: number };
  const lines = await refusal(start({ PORT: String(port) }));
  occupant.close();
  expect(lines).toEqual([
    `Everywire cannot start: Port ${port} is in use. Stop the other program, or set PORT to another port.`,
  ]);
  const first = start();
  await ready(first);
  const [line, ...more] = await refusal(start({ EVERYWIRE_DATA: join(first.directory, 'data') }));
  expect(line).toMatch(/^Everywire cannot start: The store .* is open in another process\./);
  expect(more).toEqual([]);
});

test('serves https with a certificate, reloads a new one while running, and keeps the old one if the new one is invalid', async () => {
  const authority = createTestAuthority();
  const [first, second] = [authority.issue(), authority.issue()];
  const directory = mkdtempSync(join(tmpdir(), 'everywire-main-'));
  const put = (cert: string, key: string): void => {
    writeFileSync(join(directory, 'cert.pem'), cert);
    writeFileSync(join(directory, 'key.pem'), key, { mode: 0o644 });
  };
  put(first.cert, first.key);
  const tls = { EVERYWIRE_TLS_CERT: 'cert.pem', EVERYWIRE_TLS_KEY: 'key.pem', EVERYWIRE_TCP_PORT: '0' };
  const run = start({ ...tls, HOST: '127.0.0.1' }, directory);
  const { host, port, protocol } = new URL(await ready(run));
  expect(protocol).toBe('https:');
  expect(run.output).toMatch(/ warn +Every user of this machine can read key\.pem/);
  expect(await (await fetch(`http://${host}/healthz`)).text()).toContain('This port speaks HTTPS only');

  const connection = (): Promise<TLSSocket> => secureConnection(Number(port), authority.cert);
  const before = await connection();
  put(second.cert, second.key);
  await said(run, /cert\.pem and its key were reloaded/);
  const after = await connection();
  expect(serialOf(after)).not.toBe(serialOf(before));
  // The raw TCP port uses the same certificate, and got the new one too.
  const raw = await secureConnection(
    Number(/Listening for raw TCP on port (\d+)/.exec(run.output)?.[1]),
    authority.cert,
  );
  expect(serialOf(raw)).toBe(serialOf(after));
  put(second.cert, first.key);
  await said(run, / error +EVERYWIRE_TLS_CERT .*mismatch.* The previous certificate stays in use\./i);
  expect(serialOf(await connection())).toBe(serialOf(after));
  // The connection from before the changes still works.
  before.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  const [answer] = (await once(before, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 200/);
  authority.close();
}, 60_000);

test('explains in one line what plain HTTP means for other machines', { tags: ['wide'] }, async () => {
  const run = start({ HOST: '' });
  expect(await ready(run)).toMatch(/^http:\/\/localhost:/);
  await said(run, /^Warning: plain HTTP\. .*EVERYWIRE_TLS_CERT/m);
});

const serialOf = (socket: TLSSocket): string => socket.getPeerCertificate().serialNumber;

async function secureConnection(port: number, ca: string): Promise<TLSSocket> {
  const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca });
  // The server is killed at the end of each test.
  socket.on('error', () => undefined);
  await once(socket, 'secureConnect');
  return socket;
}

async function said(run: Run, line: RegExp): Promise<void> {
  while (!line.test(run.output)) {
    const more = new Promise((resolve) => run.child.stdout?.once('data', resolve));
    await Promise.race([more, run.ended]);
    if (run.child.exitCode !== null) throw new Error(`it ended before it said ${line.source}:\n${run.output}`);
  }
}

test('accepts raw TCP on its own port when configured, and announces the port', async () => {
  const run = start({ EVERYWIRE_TCP_PORT: '0' });
  const address = await ready(run);
  const { tcp } = (await (await fetch(`${address}/api/server`)).json()) as {
    tcp: { port: number; encrypted: boolean };
  };
  expect(tcp.encrypted).toBe(false);
  expect(run.output).toContain(`Listening for raw TCP on port ${tcp.port}`);
  const socket = connectTcp(tcp.port, '127.0.0.1');
  socket.write('everywire.2\n');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toBe('everywire.2\n');
  run.child.kill('SIGTERM');
  expect(await run.ended).toBe(0);
  socket.destroy();
});

test('names the setting of a TCP port that is in use', { tags: ['wide'] }, async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  expect(await refusal(start({ EVERYWIRE_TCP_PORT: String(port) }))).toEqual([
    `Everywire cannot start: Port ${port} is in use. Stop the other program, or set EVERYWIRE_TCP_PORT to another port.`,
  ]);
  taken.close();
});
