import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTestAuthority } from '@everywire/testkit';
import { expect, it } from 'vitest';
import { listen, shortTimes } from './listen.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs the program of the conformance suite with these arguments. Returns its exit status and output. */
async function command(...args: readonly string[]): Promise<{ readonly status: number; readonly text: string }> {
  const program = [join(root, 'scripts/run-built.mjs'), 'packages/conformance/src/main.ts', ...args];
  const child = spawn(process.execPath, program, { cwd: root });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const [status] = (await once(child, 'close')) as [number];
  return { status, text };
}

it('the report lists each check, and the rules that are not observable', async () => {
  const server = await listen({});
  const { status, text } = await command(server.url, '--only', 'TR-8,TR-9');
  await server.end();
  expect(text).toContain('ok       [TR-8] answers a preflight with two methods and two headers');
  expect(text).toContain('skipped  [TR-9.2] opens no session without a valid token: it needs --token');
  expect(text).toMatch(/Not observable from outside:\n {2}FR-15 /);
  expect(text).toMatch(/1 ok, 0 failed, 2 skipped/);
  expect(status).toBe(0);
}, 60_000);

it('[TR-44] the suite checks raw TCP over TLS, if its address is given', {
  timeout: 60_000,
  tags: ['wide'],
}, async () => {
  const authority = createTestAuthority();
  const server = await listen({ tls: authority.issue(), times: shortTimes });
  const rules = ['--only', 'TR-41,TR-44,SN-9'];
  const without = await command(server.url, ...rules);
  const { status, text } = await command(server.url, '--tcp', server.tcp, ...rules);
  await server.end();
  authority.close();
  expect(without.text).toContain('skipped  [TR-41] fails a masked frame, and sends none: it needs --tcp');
  expect(server.tcp).toMatch(/^tls:/);
  expect(text).toContain('ok       [SN-9.2] notifies a tcp of a higher attach');
  expect(text).toContain('ok       [TR-44.7] fails the TLS handshake of a client that offers only other protocols');
  expect(text).toContain(', 0 failed, 0 skipped');
  expect(status).toBe(0);
});

it('a failed check reports the expected and the actual value, and sets the exit status', {
  timeout: 60_000,
  tags: ['wide'],
}, async () => {
  const server = await listen({});
  const { status, text } = await command(
    `${server.url}/`,
    '--only',
    'TR-9',
    '--json',
    '--token',
    'not checked by the server',
  );
  await server.end();
  const { results } = JSON.parse(text) as { readonly results: readonly { readonly outcome: string }[] };
  expect(results).toContainEqual(
    expect.objectContaining({
      outcome: 'failed',
      what: 'without a token',
      expected: '["refused","unauthorized"]',
      seen: '["opened",null]',
    }),
  );
  expect(status).toBe(1);
});

it('the suite reports a server on which no check can run', { timeout: 60_000, tags: ['wide'] }, async () => {
  const stranger = createServer((_request, response) => response.end('hello')).listen(0, '127.0.0.1');
  await once(stranger, 'listening');
  const { status, text } = await command(`http://127.0.0.1:${(stranger.address() as AddressInfo).port}`);
  stranger.closeAllConnections();
  stranger.close();
  expect(text).toContain('everywire-conformance: POST open: 200 hello');
  expect(status).toBe(2);
  expect((await command()).status).toBe(2);
});
