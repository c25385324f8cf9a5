import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureNode } from '../../scripts/ensure-node.mjs';
import { root } from '../house/checkout-copy.js';
import { wideUnless } from '../lane.js';
import {
  createPath,
  expectReady,
  freePort,
  giveToOrdinaryUser,
  kill,
  type Run,
  runAsOrdinaryUser,
  stop,
} from './ordinary-user.js';

/** Only a hung start takes this long, even on a slow or busy machine. */
const timeout = 600_000;

let home: string;
let tarball: string;
const runs: Run[] = [];

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'everywire-package-'));
  execFileSync(process.execPath, [join(root, 'scripts/pack.mjs'), home], { stdio: 'inherit' });
  tarball = readdirSync(home).find((name) => name.endsWith('.tgz')) ?? '';
  chmodSync(home, 0o755);
  giveToOrdinaryUser(home);
}, timeout);

afterAll(async () => {
  await Promise.all(runs.map(kill));
  rmSync(home, { recursive: true, force: true });
}, timeout);

/** Runs `npx ./everywire-VERSION.tgz` in an empty directory as an ordinary user, without compiler and git. */
async function npx(major: string, port: number, ...args: readonly string[]): Promise<Run> {
  const directory = mkdtempSync(join(home, 'empty-'));
  giveToOrdinaryUser(directory);
  const node = await ensureNode(major, console.log);
  const run = runAsOrdinaryUser('npx', ['--yes', `../${tarball}`, ...args], {
    home,
    cwd: directory,
    env: { PATH: createPath(home, ['npm', 'npx', 'sh', 'env'], { node }), PORT: String(port) },
  });
  runs.push(run);
  return run;
}

/** Registers by REST and uploads a picture, which needs the native parts and the process that inspects files. */
async function registerAndSendPicture(base: string): Promise<unknown> {
  const post = (path: string, headers: Record<string, string>, body?: string | Buffer) =>
    fetch(`${base}${path}`, {
      method: 'POST',
      headers,
      ...(body !== undefined && { body: new Uint8Array(Buffer.from(body)) }),
    });
  const json = { 'content-type': 'application/json' };
  const account = JSON.stringify({ name: 'ada', password: 'a long enough password' });
  const { token } = (await (await post('/api/register', json, account)).json()) as { readonly token: string };
  const picture = await sharp({ create: { width: 90, height: 60, channels: 3, background: '#2a6' } })
    .png()
    .toBuffer();
  const authorization = `Bearer ${token}`;
  const tus = { authorization, 'tus-resumable': '1.0.0', 'upload-length': String(picture.length) };
  const created = await post(
    '/api/files/uploads',
    { ...tus, 'content-type': 'application/offset+octet-stream' },
    picture,
  );
  const id = created.headers.get('location')?.split('/').at(-1) ?? '';
  return (await post(`/api/files/${id}`, { authorization })).json();
}

describe('the package of the chat server', { timeout }, () => {
  for (const major of ['24', '22', '26']) {
    it(`serves from an empty directory on Node ${major}`, { tags: wideUnless(major === '24') }, async () => {
      const port = await freePort();
      const run = await npx(major, port);
      await expectReady(run, port);
      expect(await registerAndSendPicture(`http://127.0.0.1:${port}`)).toMatchObject({
        kind: 'image',
        picture: { width: 90, height: 60 },
      });
      await stop(run);
    });
  }

  it('prints its help and starts nothing', async () => {
    const run = await npx('24', 0, '--help');
    expect(await run.ended).toBe(0);
    expect(run.output).toMatch(/^everywire check[\s\S]*^ {2}EVERYWIRE_TCP_PORT: /m);
  });

  it('reports on Node 20 what the store needs', { tags: ['wide'] }, async () => {
    const run = await npx('20', 0);
    expect(await run.ended).not.toBe(0);
    expect(run.output).toMatch(/^Everywire cannot start: The store needs the SQLite of Node 22\.16 or later; /m);
  });
});
