/** @module-tag wide: the README has no example of the chat. */
import { execFile, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createChatClient } from '@everywire/chat-client';
import { build } from 'esbuild';
import { importPKCS8, SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { jwtOf, openIdOf } from '../../apps/everywire/src/identity-settings.js';
import { readConfig } from '../../apps/everywire/src/read-config.js';
import { TestPlace, type TestPlaceOptions } from '../chat-server/test-place.js';
import { Guide, makeDirectory, root, runBlock, whenOver } from './guide.js';

/*
 * Runs the examples of the guides for embedding the chat, as they are in the documents. Only addresses, passwords and
 * ports are replaced.
 */

const embed = new Guide('docs/guides/embed.md');
const chatClient = new Guide('docs/guides/chat-client.md');
const users = new Guide('docs/guides/bring-your-own-users.md');
const files = new Guide('docs/guides/files.md');
const operating = new Guide('docs/guides/operating.md');

/** Starts a chat server that is stopped after the test. */
async function start(options: TestPlaceOptions = {}): Promise<TestPlace> {
  const place = await TestPlace.start(options);
  whenOver(() => place.stop());
  return place;
}

/** Runs a program and resolves when it has printed the expected text. */
function run(directory: string, name: string, code: string, expected: string): Promise<void> {
  writeFileSync(join(directory, name), code);
  const child = spawn(process.execPath, [name], { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });
  whenOver(() => child.kill('SIGKILL'));
  let said = '';
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes(expected)) resolve();
      });
    child.once('exit', (code) => reject(new Error(`${name} exited with ${code}: ${said}`)));
  });
}

/** Parses lines such as `NAME=value`. */
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

test('embed: the settings, the host and the page of the guide work together in a conversation', async () => {
  const directory = makeDirectory();
  const key = join(directory, 'chat-secret.txt');
  writeFileSync(key, `${randomBytes(32).toString('hex')}\n`);
  const config = readConfig({ ...settingsOf(embed.take(0)), EVERYWIRE_JWT_KEY: key });
  const place = await start({ jwt: jwtOf(config), wire: { origins: config.EVERYWIRE_ORIGINS } });
  const port = await freePort();
  const host = embed.take(1).replace('listen(8090)', `listen(${port}, () => console.log('listening'))`);
  await run(directory, 'host.mjs', host, 'listening');
  const page = embed
    .take(2)
    .replaceAll('https://chat.example.org', place.url)
    .replaceAll('https://app.example.org', `http://localhost:${port}`);
  await run(directory, 'page.mjs', page, 'Ann: Hello from my own application');
});

test('chat-client: the examples sign in, talk and search; the hooks compile', async () => {
  const place = await start();
  for (let count = 1; count <= 7; count += 1) await place.register(count === 1 ? 'zhouyu' : `person${count}`);
  const code = chatClient.take(0).replace('https://chat.example.org', place.url).replace("'…'", "'correct horse'");
  await run(makeDirectory(), 'talk.mjs', code, "text: 'hello'");
  const committed = `await new Promise((done) => timeline.subscribe(() => {
    if (timeline.getSnapshot().rows.some((row) => row.text === '石头狮子' && row.sequence !== null)) done();
  }));`;
  const searching = [code.replace("'hello'", "'石头狮子'"), committed, chatClient.take(1)].join('\n');
  await run(makeDirectory(), 'search.mjs', searching, "{ text: '狮子', hit: true }");
  const directory = makeDirectory();
  writeFileSync(
    join(directory, 'page.tsx'),
    `${chatClient.take(2)}\nconsole.log(Conversations, Conversation, createChatClient, ClientContext);`,
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
});

test('bring-your-own-users: with the keys and settings of the guide, a user signs in by a token, and a provider is configured', async () => {
  const directory = makeDirectory();
  execFileSync('sh', ['-ec', users.take(1)], { cwd: directory });
  const at = (name: string) => join(directory, name);
  const settings = users.take(0).replace('/etc/everywire/app-public.pem', at('app-public.pem'));
  const place = await start({ jwt: jwtOf(readConfig(settingsOf(settings))) });
  const key = await importPKCS8(readFileSync(at('app-private.pem'), 'utf8'), 'ES256');
  const claims = new SignJWT({ name: 'Ann' })
    .setProtectedHeader({ alg: 'ES256' })
    .setExpirationTime('5m')
    .setIssuedAt();
  const token = await claims.setIssuer('https://app.example.org').setAudience('chat').setSubject('7').sign(key);
  expect(await (await place.rest('GET', '/api/me', undefined, token)).json()).toMatchObject({
    me: { displayName: 'Ann' },
  });
  expect(openIdOf(readConfig(settingsOf(users.take(2))))).toMatchObject({ name: 'Example ID' });
});

test('files: a file is sent with its message', async () => {
  const place = await start({ filesDirectory: makeDirectory() });
  const ann = await place.register('ann');
  const client = createChatClient({ url: place.url, me: { ...ann, displayName: 'Ann' }, token: ann.token });
  whenOver(() => client.close());
  const timeline = client.openTimeline(await client.createGroup('Photos', []));
  whenOver(() => timeline.close());
  const shown: number[] = [];
  const file = new File(['what was wanted'], 'wanted.txt', { type: 'text/plain' });
  const scope = {
    client,
    timeline,
    file,
    show: (part: number) => void shown.push(part),
    signal: new AbortController().signal,
  };
  await runBlock(files.take(0), scope);
  const sent = () => timeline.getSnapshot().rows.find((row) => row.type === 'message' && row.sequence !== null);
  await expect.poll(sent).toMatchObject({ text: 'what you wanted', files: [{ name: 'wanted.txt' }] });
  expect(shown.at(-1)).toBe(1);
});

test('operating: curl reads the counters of the guide', async () => {
  const place = await start();
  const { token } = await place.setUp();
  const [command = '', answer = ''] = operating.take(0).split('\n');
  // Causes the counted event first.
  await fetch(`${place.url}/everywire/up`, { method: 'POST', headers: { origin: 'https://evil.example.org' } });
  const line = `${command.replace('https://chat.example.org', place.url)} --silent`;
  const { stdout } = await promisify(execFile)('sh', ['-c', line], { env: { ...process.env, TOKEN: token } });
  const counted = JSON.parse(answer) as { counters: Record<string, number> };
  expect(JSON.parse(stdout)).toEqual({ counters: { origin_refused: 1 } });
  expect(Object.keys(counted)).toEqual(['counters']);
  const errors = readFileSync(join(root, 'docs/guides/errors.md'), 'utf8');
  const paragraphs = [...errors.matchAll(/^### (\w+)$/gm)].map(([, code]) => code);
  expect(paragraphs).toEqual(expect.arrayContaining(Object.keys(counted.counters)));
});
