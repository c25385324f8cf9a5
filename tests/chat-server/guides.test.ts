import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterEach, expect, test } from 'vitest';
import { jwtOf, openIdOf } from '../../apps/everywire/src/identity-settings.js';
import { readConfig } from '../../apps/everywire/src/read-config.js';
import { TestPlace } from './test-place.js';

/*
 * The examples of the guides for those who embed the chat, taken out of the documents and run. Only what no test can have is put
 * in their place: addresses, passwords, ports. A block that nobody runs fails the last test.
 */

const root = fileURLToPath(new URL('../..', import.meta.url));
const guides = ['embed', 'chat-client', 'bring-your-own-users', 'back-up-and-restore'] as const;
const blocks = Object.fromEntries(guides.map((name) => [name, blocksOf(name)])) as Record<
  (typeof guides)[number],
  readonly string[]
>;
const ran = new Set<string>();
const children: ChildProcess[] = [];
const directories: string[] = [];
let place: TestPlace | null = null;

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
  await place?.stop();
  place = null;
});

function blocksOf(name: string): readonly string[] {
  const text = readFileSync(join(root, `docs/guides/${name}.md`), 'utf8');
  return [...text.matchAll(/^```\w*\n(.*?)^```$/gms)].map(([, code = '']) => code);
}

/** The block's text, which is from then on one that was run. */
function take(guide: (typeof guides)[number], at: number): string {
  const code = blocks[guide][at] ?? '';
  ran.add(code);
  return code;
}

/** Within the repository, so that the packages are found as an application finds them. */
function makeDirectory(): string {
  mkdirSync(join(root, '.cache'), { recursive: true });
  const directory = mkdtempSync(join(root, '.cache/guide-'));
  directories.push(directory);
  return directory;
}

/** Runs a program and resolves when it has said what is expected. */
function run(directory: string, name: string, code: string, expected: string): Promise<void> {
  writeFileSync(join(directory, name), code);
  const child = spawn(process.execPath, [name], { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let said = '';
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes(expected)) resolve();
      });
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code}: ${said}`)));
  });
}

function settingsOf(code: string): Record<string, string> {
  return Object.fromEntries(
    code
      .trim()
      .split('\n')
      .map((line) => line.split(/=(.*)/s).slice(0, 2)),
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { readonly port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('embed: the settings, the host and the page of the guide hold a conversation', async () => {
  const directory = makeDirectory();
  const key = join(directory, 'chat-secret.txt');
  writeFileSync(key, `${randomBytes(32).toString('hex')}\n`);
  const config = readConfig({ ...settingsOf(take('embed', 0)), EVERYWIRE_JWT_KEY: key });
  place = await TestPlace.start({ jwt: jwtOf(config), wire: { origins: config.EVERYWIRE_ORIGINS } });
  const port = await freePort();
  const host = take('embed', 1).replace('listen(8090)', `listen(${port}, () => console.log('listening'))`);
  await run(directory, 'host.mjs', host, 'listening');
  const page = take('embed', 2)
    .replaceAll('https://chat.example.org', place.url)
    .replaceAll('https://app.example.org', `http://localhost:${port}`);
  await run(directory, 'page.mjs', page, 'Ann: Hello from my own application');
}, 60_000);

test('chat-client: the examples sign in, talk and search; the hooks compile', async () => {
  place = await TestPlace.start();
  for (let count = 1; count <= 7; count += 1) await place.register(count === 1 ? 'zhouyu' : `person${count}`);
  const code = take('chat-client', 0).replace('https://chat.example.org', place.url).replace("'…'", "'correct horse'");
  await run(makeDirectory(), 'talk.mjs', code, "text: 'hello'");
  const committed = `await new Promise((done) => timeline.subscribe(() => {
    if (timeline.getSnapshot().rows.some((row) => row.text === '石头狮子' && row.sequence !== null)) done();
  }));`;
  const searching = [code.replace("'hello'", "'石头狮子'"), committed, take('chat-client', 1)].join('\n');
  await run(makeDirectory(), 'search.mjs', searching, "{ text: '狮子', hit: true }");
  const directory = makeDirectory();
  writeFileSync(
    join(directory, 'page.tsx'),
    `${take('chat-client', 2)}\nconsole.log(Conversations, Conversation, createChatClient, ClientContext);`,
  );
  const { warnings } = await build({
    entryPoints: [join(directory, 'page.tsx')],
    bundle: true,
    write: false,
    format: 'esm',
    jsx: 'automatic',
    logLevel: 'silent',
  });
  expect(warnings).toEqual([]);
}, 60_000);

test('bring-your-own-users: the settings are taken', () => {
  const directory = makeDirectory();
  const key = join(directory, 'key.pem');
  execFileSync('openssl', [
    'genpkey',
    '-algorithm',
    'EC',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-out',
    `${key}.private`,
  ]);
  execFileSync('openssl', ['pkey', '-in', `${key}.private`, '-pubout', '-out', key]);
  const tokens = readConfig({ ...settingsOf(take('bring-your-own-users', 0)), EVERYWIRE_JWT_KEY: key });
  expect(jwtOf(tokens)).toMatchObject({ algorithm: 'ES256', audience: 'chat' });
  expect(openIdOf(readConfig(settingsOf(take('bring-your-own-users', 1))))).toMatchObject({ name: 'Example ID' });
});

test('every block of these guides was run', () => {
  // Those two lines are typed by apps/everywire/src/backup.test.ts, beside a real server.
  for (const line of blocks['back-up-and-restore']) if (/^everywire (backup|restore) \S+\n$/.test(line)) ran.add(line);
  expect(guides.flatMap((name) => blocks[name]).filter((code) => !ran.has(code))).toEqual([]);
});
