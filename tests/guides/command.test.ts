/** @module-tag wide: the output of the command that the guides show; tests/start tests that it starts. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestAuthority } from '@everywire/testkit';
import { expect, test } from 'vitest';
import { ConfigError, readConfig } from '../../apps/everywire/src/read-config.js';
import { Pty } from '../terminal/pty.js';
import { Guide, makeDirectory, root, whenOver } from './guide.js';

/* Runs what the guides show of the command, its settings, and programs such as proxies, with the built command. */

const accounts = new Guide('docs/guides/accounts.md');
const backUp = new Guide('docs/guides/back-up-and-restore.md');
const configuration = new Guide('docs/guides/configuration.md');
const proxies = new Guide('docs/guides/reverse-proxies.md');
const selfHosting = new Guide('docs/guides/self-hosting.md', [2]);
const terminal = new Guide('docs/guides/terminal.md');

/** A running command. `said` returns its output so far. */
interface Run {
  readonly said: () => string;
  /** Resolves when the output matches; rejects if the command ends first. */
  readonly says: (what: RegExp) => Promise<void>;
  readonly ended: Promise<number | null>;
}

/** Starts the command in an empty directory, on a free port. */
function start(settings: Readonly<Record<string, string>> = {}): Run {
  const directory = mkdtempSync(join(tmpdir(), 'everywire-guide-'));
  const child = spawn(process.execPath, [join(root, 'apps/everywire/dist/command.js')], {
    cwd: directory,
    env: { PATH: process.env['PATH'], PORT: '0', HOST: '127.0.0.1', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  whenOver(async () => {
    child.kill('SIGKILL');
    await ended;
    rmSync(directory, { recursive: true, force: true });
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  }
  const says = (what: RegExp): Promise<void> =>
    Promise.race([expect.poll(() => said).toMatch(what), ended.then(() => expect(said).toMatch(what))]);
  return { said: () => said, says, ended };
}

/** Returns a pattern for an output in the guide that allows variable parts to differ. */
function like(text: string): RegExp {
  const escaped = text.trimEnd().replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const varying = escaped
    .replace(/localhost:\d+/, '\\S+:\\d+')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d/, '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d')
    .replace('ewl_\\.\\.\\.', 'ewl_\\S+');
  return new RegExp(`^${varying}$`, 'm');
}

const scripts = (): object =>
  (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly scripts: object }).scripts;

test('accounts and self-hosting: the first start prints the output of the guides', async () => {
  // Runs the command itself; tests/start/fresh-machine.test.ts verifies that `npm start` runs it.
  expect(selfHosting.take(0)).toBe('npm start\n');
  expect(scripts()).toHaveProperty('start');
  const run = start();
  await run.says(like(selfHosting.take(1)));
  await run.says(like(accounts.take(0)));
});

test('self-hosting: with the settings for a certificate, the server answers https', async () => {
  const [given = '', command = ''] =
    /^(.*) (npm start)$/s.exec(selfHosting.take(3).replaceAll('\\\n', '').trim())?.slice(1) ?? [];
  expect(command).toBe('npm start');
  const words = Object.fromEntries(given.split(/\s+/).map((word) => word.split('=', 2) as [string, string]));
  expect(Object.keys(words)).toEqual(['EVERYWIRE_TLS_CERT', 'EVERYWIRE_TLS_KEY', 'PORT']);
  const authority = createTestAuthority();
  whenOver(() => authority.close());
  const { cert, key } = authority.issue();
  const directory = makeDirectory();
  writeFileSync(join(directory, 'fullchain.pem'), cert);
  writeFileSync(join(directory, 'privkey.pem'), key, { mode: 0o600 });
  const run = start({
    EVERYWIRE_TLS_CERT: join(directory, 'fullchain.pem'),
    EVERYWIRE_TLS_KEY: join(directory, 'privkey.pem'),
  });
  await run.says(/ready at https:/);
  const address = /ready at (https:\S+)/.exec(run.said())?.[1] ?? '';
  const status = await new Promise((resolve, reject) => {
    const asked = request(`${address}/healthz`, { ca: readFileSync(authority.file) }, ({ statusCode }) =>
      resolve(statusCode),
    );
    asked.once('error', reject).end();
  });
  expect(status).toBe(200);
});

test('self-hosting: the service runs an existing script with existing settings', () => {
  const unit = readFileSync(join(root, 'docs/guides/everywire.service'), 'utf8');
  expect(selfHosting.take(4)).toBe(unit);
  const service = /^\[Service\]\n(.*?)\n\n/ms.exec(unit)?.[1] ?? '';
  const values = new Map(service.split('\n').map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]));
  expect(scripts()).toHaveProperty(/^\/usr\/bin\/npm (\w+)$/.exec(values.get('ExecStart') ?? '')?.[1] ?? 'nothing');
  const environment = (values.get('Environment') ?? '').split(' ').map((word) => word.split('=', 2));
  const config = readConfig(Object.fromEntries(environment));
  expect(config).toMatchObject({ HOST: '127.0.0.1', EVERYWIRE_DATA: '/var/lib/everywire' });
  expect([values.get('KillMode'), values.get('Restart')]).toEqual(['mixed', 'on-failure']);
  expect(Number(values.get('TimeoutStopSec'))).toBeGreaterThan(10);
});

test('self-hosting: systemd accepts the service, which can be enabled', () => {
  const [copy = '', enable = ''] = selfHosting.take(5).trim().split('\n');
  expect(copy).toContain('docs/guides/everywire.service');
  expect(enable).toBe('sudo systemctl enable --now everywire');
  const unit = readFileSync(join(root, 'docs/guides/everywire.service'), 'utf8');
  expect(unit).toMatch(/^\[Install\]\nWantedBy=multi-user\.target$/m);
  // The machine that runs the tests may have npm elsewhere.
  const file = join(makeDirectory(), 'everywire.service');
  writeFileSync(file, unit.replace('/usr/bin/npm', process.execPath));
  expect(
    execFileSync('/usr/bin/systemd-analyze', ['verify', file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }),
  ).toBe('');
});

test('configuration: the file is accepted, and an invalid value is refused with the text of the guide', async () => {
  const file = join(makeDirectory(), 'everywire.config.json');
  writeFileSync(file, configuration.take(0));
  const written = JSON.parse(configuration.take(0)) as object;
  expect(readConfig({ EVERYWIRE_CONFIG: file })).toMatchObject(written);
  expect(() => readConfig({ PORT: '80a8' })).toThrow(ConfigError);
  const run = start({ PORT: '80a8' });
  expect(await run.ended).toBe(1);
  expect(run.said()).toContain(configuration.take(1));
});

test('back-up-and-restore: the guide has the two command lines that apps/everywire/src/backup.test.ts runs with a real server', () => {
  expect([backUp.take(0), backUp.take(1)]).toEqual([
    expect.stringMatching(/^everywire backup \S+\n$/),
    expect.stringMatching(/^everywire restore \S+\n$/),
  ]);
});

test('terminal: the command of the guide shows the sign-in', async () => {
  const run = start();
  await run.says(/ready at (http:\S+)/);
  const address = /ready at (http:\S+)/.exec(run.said())?.[1] ?? '';
  const [program, name, url, ...more] = terminal.take(0).trim().split(' ');
  expect([program, name, URL.canParse(url ?? ''), more]).toEqual(['everywire', 'chat', true, []]);
  const directory = makeDirectory();
  const pty = new Pty([address], { LANG: 'en_US.UTF-8', HOME: directory, XDG_STATE_HOME: directory });
  whenOver(() => pty.stop());
  await pty.shows('Sign in');
});

test('reverse-proxies: nginx and HAProxy accept the complete configurations, with TLS', () => {
  const authority = createTestAuthority();
  whenOver(() => authority.close());
  const { cert, key } = authority.issue();
  const directory = makeDirectory();
  const at = (name: string): string => join(directory, name);
  writeFileSync(at('chat.example.org.pem'), `${cert}\n${key}`);
  writeFileSync(at('chat.example.org.key'), key);
  const nginx = proxies.take(0).replaceAll('/etc/ssl/', `${directory}/`);
  writeFileSync(at('nginx.conf'), `pid ${at('pid')};\nerror_log stderr;\nevents {}\nhttp {\n${nginx}}\n`);
  execFileSync('/usr/sbin/nginx', ['-t', '-q', '-p', directory, '-c', at('nginx.conf')], { stdio: 'pipe' });
  writeFileSync(at('haproxy.cfg'), proxies.take(1).replaceAll('/etc/haproxy/', `${directory}/`));
  execFileSync('/usr/sbin/haproxy', ['-c', '-q', '-f', at('haproxy.cfg')], { stdio: 'pipe' });
});
