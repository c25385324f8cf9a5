import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../browser/launch-chromium.js';
import { Guide } from '../guides/guide.js';
import { wideUnless } from '../lane.js';
import { chatPackages, EmptyProject, transportPackages } from './empty-project.js';
import { Program } from './program.js';

const guide = new Guide('docs/guides/install.md');
const fromSocketIo = new Guide('docs/guides/from-socket-io.md', [0]);
let project: EmptyProject;
/** The source of the typed examples of a client and a server. */
let typed: { readonly client: string; readonly server: string };
let browser: Browser;
const running: Program[] = [];

beforeAll(async () => {
  project = new EmptyProject();
  write(guide, ...['client.mjs', 'client.cjs', 'page.html', 'main.js']);
  write(guide, ...['plain.mjs', 'express.mjs', 'fastify.mjs', 'common.cjs']);
  write(fromSocketIo, 'names.mjs', 'talk.mjs', 'welcome.mjs');
  // Taken here, because a guide counts a block as run when it is taken, and a lane may not run every test of this file.
  typed = { client: guide.takeFile('client.ts'), server: guide.takeFile('server.ts') };
  browser = await launchChromium();
}, 300_000);

afterEach(async () => {
  await Promise.all(running.splice(0).map((program) => program.stop()));
});

afterAll(async () => {
  await browser.close();
  project.remove();
});

/** Writes files of a guide into the project. */
function write(page: Guide, ...names: readonly string[]): void {
  for (const name of names) project.write(name, page.takeFile(name));
}

function start(name: string, port?: number): Program {
  const program = new Program(project.directory, name, port);
  running.push(program);
  return program;
}

/** Resolves with the title of the page when its first message has come back. */
async function titleOf(port: number, title: RegExp): Promise<string> {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${port}/`);
  await page.waitForFunction((pattern) => new RegExp(pattern).test(document.title), title.source, { timeout: 30_000 });
  const found = await page.title();
  await page.close();
  return found;
}

/** The packages for `npm test`, one of each kind: for bundlers, and for Node only. */
const quickTypes = ['client', 'conformance'];

/** Defines tests that check the packed packages. */
function expectSound({ both, moduleOnly }: typeof transportPackages): void {
  it.each([...both, ...moduleOnly])('publint reports no problem in %s', (name) => {
    expect(project.tool('publint/src/cli.js', ['run', project.tarball(name), '--strict'])).toContain('All good!');
  });

  const profiles = [
    ...both.map((name) => [name, 'node16'] as const),
    ...moduleOnly.map((name) => [name, 'esm-only'] as const),
  ];
  for (const [name, profile] of profiles) {
    it(`the types of ${name} are right (${profile})`, { tags: wideUnless(quickTypes.includes(name)) }, () => {
      const script = name === 'client' ? ['--exclude-entrypoints', 'everywire.min.js', 'everywire.legacy.min.js'] : [];
      const args = [project.tarball(name), '--profile', profile, '--format', 'ascii', ...script];
      // The program fails on a problem that the profile does not ignore.
      expect(project.tool('@arethetypeswrong/cli/dist/index.js', args)).toContain(`@everywire/${name}`);
    });
  }
}

describe('packages in an empty project', { timeout: 300_000 }, () => {
  describe('of the transport', () => expectSound(transportPackages));
  describe('of the chat', { tags: ['wide'] }, () => {
    beforeAll(() => project.pack(chatPackages), 300_000);
    expectSound(chatPackages);
  });

  it('the packages contain no tests and no files of the build tool', () => {
    const files = readdirSync(join(project.directory, 'node_modules/@everywire'), { recursive: true }).map(String);
    expect(files.filter((file) => /\.test\.|test-kit|tsbuildinfo/.test(file))).toEqual([]);
    expect(files).toContain('server/LICENSE');
  });

  it.each(['plain.mjs', 'express.mjs', 'fastify.mjs', 'common.cjs'])(
    'the server %s of the guide serves both clients',
    async (name) => {
      const port = await start(name).ready();
      expect(await start('client.mjs', port).output()).toBe('websocket: hello, every wire\n');
      expect(await start('client.cjs', port).output()).toBe('long-poll: hello, every wire\n');
    },
  );

  it.each(['express.mjs', 'fastify.mjs'])(
    'the server %s of the guide still answers its own routes',
    { tags: ['wide'] },
    async (name) => {
      const port = await start(name).ready();
      const answer = await fetch(`http://127.0.0.1:${port}/hello`);
      expect(await answer.text()).toMatch(/^hello from /);
    },
  );

  it('event names work as with Socket.IO, as the guide shows', async () => {
    const port = await start('welcome.mjs').ready();
    expect(await start('talk.mjs', port).output()).toBe("ann [ 'lobby' ]\n");
  });

  it('a server that was required serves gateways that were imported, which are copies of the same packages', async () => {
    project.write(
      'copies.mjs',
      `import { once } from 'node:events';
      import { createServer } from 'node:http';
      import { createRequire } from 'node:module';
      import { createSocketIoGateway } from '@everywire/gateway-socketio';
      import { createSockJsGateway } from '@everywire/gateway-sockjs';
      const { createWireServer } = createRequire(import.meta.url)('@everywire/server');
      const wire = createWireServer({ onSession: () => undefined });
      const onConnection = (connection) => {
        connection.join('a');
        connection.onMessage = (text) => wire.publish('a', text);
      };
      createSockJsGateway(wire, { path: '/echo', onConnection });
      createSocketIoGateway(wire);
      const http = createServer().listen(0, '127.0.0.1');
      wire.attach(http);
      await once(http, 'listening');
      const ask = async (path, init) => (await fetch('http://127.0.0.1:' + http.address().port + path, init)).text();
      const post = (name, body) => ask('/echo/000/some/' + name, { method: 'POST', body });
      console.log((await post('xhr')).trim(), await post('xhr_send', '["hello"]'), (await post('xhr')).trim());
      console.log((await ask('/socket.io/?EIO=4&transport=polling')).slice(0, 7));
      process.exit();`,
    );
    expect(await start('copies.mjs').output()).toBe('o  a["hello"]\n0{"sid"\n');
  });

  it.each([
    ['nodenext', 'nodenext', 'nodenext'],
    ['nodenext, from CommonJS', 'nodenext', 'nodenext'],
    ['bundler', 'esnext', 'bundler'],
  ])('TypeScript compiles the examples of the guide with %s', { tags: ['wide'] }, (what, module, moduleResolution) => {
    const extension = what.includes('CommonJS') ? 'cts' : 'mts';
    for (const [name, text] of Object.entries(typed)) project.write(`${name}.${extension}`, text);
    const files = Object.keys(typed).map((name) => `${name}.${extension}`);
    const options = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2023,dom', '--types', 'node'];
    project.tool('typescript/bin/tsc', [
      ...options,
      '--module',
      module,
      '--moduleResolution',
      moduleResolution,
      ...files,
    ]);
  });

  it('the conformance suite runs as a command', () => {
    expect(project.tool('.bin/everywire-conformance', ['--help'])).toMatch(/^everywire-conformance URL /);
  });

  it('the client works from a script element', async () => {
    const port = await start('common.cjs').ready();
    expect(await titleOf(port, /hello, every wire/)).toBe('websocket: hello, every wire');
  });

  it('Vite builds a page that loads its transports on demand', { tags: ['wide'] }, async () => {
    project.write('index.html', '<!doctype html><title>-</title><script type="module" src="/main.js"></script>');
    project.tool('vite/bin/vite.js', ['build', '--logLevel', 'warn']);
    const chunks = readdirSync(join(project.directory, 'dist/assets'));
    expect(chunks.length).toBeGreaterThan(3);
    copyFileSync(
      fileURLToPath(new URL('static-server.mjs', import.meta.url)),
      join(project.directory, 'static-server.mjs'),
    );
    const port = await start('static-server.mjs').ready();
    expect(await titleOf(port, /hello, every wire/)).toBe('event-stream: hello, every wire');
  });
});
