// @module-tag wide
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ServerProcess } from './server-process.js';

/* Runs the real server on a full disk of 16 MB. Mounting it requires root; without root the tests fail. */

let directory: string;
let disk: string;
let server: ServerProcess;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'everywire-full-start-'));
  disk = join(directory, 'disk');
  mkdirSync(disk);
  execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', disk]);
  server = new ServerProcess(join(disk, 'data'));
});

afterEach(async () => {
  await server.kill();
  execFileSync('/bin/umount', [disk]);
  rmSync(directory, { recursive: true });
});

/** Fills the disk with a file of this name. */
const fill = (name: string): void => {
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(join(disk, name), Buffer.alloc(Number(bavail) * Number(bsize)));
};

interface Answer {
  readonly status: number;
  readonly json: {
    readonly token?: string;
    readonly conversation?: number;
    readonly code?: string;
    readonly rows?: readonly { readonly body: { readonly text?: string } }[];
  };
}

/** Sends a request to the REST interface. */
async function ask(method: string, path: string, body?: unknown, token = ''): Promise<Answer> {
  const answer = await fetch(server.url + path, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), authorization: `Bearer ${token}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, json: (await answer.json()) as Answer['json'] };
}

const commandId = (at: number): string => at.toString(16).padStart(32, '0');
const send = (id: number, conversation: number, text: string, token: string) =>
  ask('POST', '/api/commands/send', { id: commandId(id), conversation, text }, token);

for (const end of ['kill', 'stop'] as const) {
  it(`[U8] the server starts on a full disk after a ${end}, and accepts sends once there is space`, async () => {
    await server.start().started;
    const person = { name: 'ann', password: 'correct horse' };
    const { token = '' } = (await ask('POST', '/api/register', person)).json;
    const made = await ask('POST', '/api/commands/createGroup', { id: commandId(1), name: 'group', users: [] }, token);
    const { conversation = 0 } = made.json;
    expect((await send(2, conversation, 'before', token)).status).toBe(200);
    await server[end]();
    fill('filler');

    await server.start().started;
    const anchor = { at: 'after', sequence: 0 };
    const page = await ask('POST', '/api/commands/page', { conversation, anchor, limit: 50, check: null }, token);
    expect(page.json.rows?.map(({ body }) => body.text)).toContain('before');
    // Sends are accepted until the write-ahead log is full.
    let id = 3;
    while ((await send(id, conversation, 'x'.repeat(16_000), token)).json.code !== 'full') id += 1;
    expect((await ask('GET', '/readyz')).json.code).toBe('full');
    expect(server.lines.match(/ warn {2}disk_full: /g)).toHaveLength(1);

    rmSync(join(disk, 'filler'));
    await expect.poll(async () => (await ask('GET', '/readyz')).status, { timeout: 60_000 }).toBe(200);
    expect((await send(id, conversation, 'x'.repeat(16_000), token)).status).toBe(200);
  });
}
