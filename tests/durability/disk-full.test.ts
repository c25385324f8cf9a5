// @module-tag wide
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DirectoryFiles } from '@everywire/files-directory';
import { createSqliteStore, type SqliteStore } from '@everywire/store-sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TestPerson, TestPlace } from '../chat-server/test-place.js';
import { newCommandId, type TestSession } from '../chat-server/test-session.js';

/* Runs a complete server on a disk of 32 MB. Mounting it requires root; without root the tests fail. */

let directory: string;
let disk: string;
let store: SqliteStore;
let place: TestPlace;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'everywire-full-'));
  disk = join(directory, 'disk');
  mkdirSync(disk);
  execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=32m', 'tmpfs', disk]);
  store = createSqliteStore({ file: join(disk, 'everywire.sqlite') });
  const files = await DirectoryFiles.open(join(disk, 'files'));
  place = await TestPlace.start({
    store,
    isStoreHealthy: () => store.health().lastCommitOk,
    attachments: { files, records: store, uploadsDirectory: join(disk, 'uploads') },
  });
});

afterEach(async () => {
  await place?.stop();
  await store?.close();
  execFileSync('/bin/umount', [disk]);
  rmSync(directory, { recursive: true });
});

/** Fills the disk up to `left` bytes. Retries if the server has taken the free space meanwhile. */
function fill(left: number): void {
  for (let tries = 1; ; tries += 1) {
    const { bavail, bsize } = statfsSync(disk);
    try {
      writeFileSync(join(disk, 'filler'), Buffer.alloc(Math.max(0, Number(bavail) * Number(bsize) - left)));
      return;
    } catch (error) {
      makeRoom();
      if (tries === 10 || (error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
}

/** Deletes the file that fills the disk. */
const makeRoom = (): void => rmSync(join(disk, 'filler'));

/** Uploads a file with one tus request. Returns its id, or the error code. */
async function upload(person: TestPerson, bytes: Buffer): Promise<string> {
  const answer = await fetch(`${place.url}/api/files/uploads`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${person.token}`,
      'tus-resumable': '1.0.0',
      'upload-length': String(bytes.length),
      'content-type': 'application/offset+octet-stream',
    },
    body: bytes as unknown as string,
  });
  const text = await answer.text();
  return answer.status === 201 ? (answer.headers.get('location')?.split('/').at(-1) ?? '') : codeOf(text);
}

const codeOf = (text: string): string => (JSON.parse(text) as { readonly code: string }).code;
const finish = async (person: TestPerson, id: string) =>
  (await place.rest('POST', `/api/files/${id}`, undefined, person.token)).text();

/** Returns every text of the log, read page by page as a client does. */
async function texts(session: TestSession, conversation: number): Promise<string[]> {
  const found: string[] = [];
  for (let after = 0; ; ) {
    const anchor = { at: 'after', sequence: after } as const;
    const page = await session.ok({ command: 'page', conversation, anchor, limit: 100, check: null });
    if (page.outcome !== 'page' || page.rows.length === 0) return found;
    for (const { body, sequence } of page.rows) {
      if (body.kind === 'text') found.push(body.text);
      after = sequence;
    }
  }
}

test('[U8] on a full disk sends are refused and reading works; the server recovers once there is space', async () => {
  const [ann, bob] = [await place.register('ann'), await place.register('bob')];
  const [a, b] = [await place.connect(ann), await place.connect(bob)];
  const { conversation } = await a.ok({ command: 'createDirect', peer: bob.id });
  const acknowledged: string[] = [];
  for (let at = 0; at < 20; at++) {
    await a.ok({ command: 'send', conversation, text: `before ${at}` });
    acknowledged.push(`before ${at}`);
  }

  fill(200_000);
  let refused: { readonly id: string; readonly text: string } | null = null;
  for (let at = 0; refused === null; at++) {
    const [id, text] = [newCommandId(), `${at} ${'x'.repeat(10_000)}`];
    const answer = await a.ask({ command: 'send', id, conversation, text });
    if (!('error' in answer)) acknowledged.push(text);
    else {
      expect(answer.error).toEqual({ code: 'full', retryable: true });
      refused = { id, text };
    }
  }
  const { id, text } = refused;
  expect(await b.code({ command: 'send', conversation, text: 'y'.repeat(16_000) })).toBe('full');
  expect(await texts(b, conversation)).toEqual(acknowledged);
  expect((await b.ok({ command: 'list', cursor: null })).entries.length).toBe(1);
  const again = await place.connect(bob);
  expect(await texts(again, conversation)).toEqual(acknowledged);
  expect((await place.rest('GET', '/readyz')).status).toBe(503);
  const login = await place.rest('POST', '/api/login', { name: 'ann', password: 'correct horse' });
  expect([200, 507]).toContain(login.status);

  makeRoom();
  // No client writes: the server notices the free space itself.
  await expect.poll(async () => (await place.rest('GET', '/readyz')).status, { timeout: 120_000 }).toBe(200);
  await a.ok({ command: 'send', id, conversation, text });
  await a.ok({ command: 'send', id, conversation, text });
  await b.ok({ command: 'send', conversation, text: 'after' });
  expect(await texts(again, conversation)).toEqual([...acknowledged, text, 'after']);
});

test('[U8] on a full disk uploads are refused and files are readable; uploads recover with space', async () => {
  const ann = await place.register('ann');
  const kept = await upload(ann, Buffer.alloc(100_000, 'kept'));
  expect(JSON.parse(await finish(ann, kept))).toMatchObject({ id: kept, size: 100_000 });
  const whole = await upload(ann, Buffer.alloc(2_000_000, 'whole'));

  fill(1_000_000);
  // There is space for its row, but not for its bytes.
  expect(await upload(ann, Buffer.alloc(3_000_000))).toBe('full');
  fillRest();
  expect(await upload(ann, Buffer.alloc(10_000))).toBe('full');
  expect(codeOf(await finish(ann, whole))).toBe('full');
  const read = await fetch(`${place.url}/api/files/${kept}`, { headers: { authorization: `Bearer ${ann.token}` } });
  expect(Buffer.from(await read.arrayBuffer()).equals(Buffer.alloc(100_000, 'kept'))).toBe(true);

  makeRoom();
  rmSync(join(disk, 'filler-2'), { force: true });
  await expect.poll(async () => (await place.rest('GET', '/readyz')).status, { timeout: 120_000 }).toBe(200);
  expect(JSON.parse(await finish(ann, whole))).toMatchObject({ id: whole, size: 2_000_000 });
  expect(await upload(ann, Buffer.alloc(3_000_000))).toMatch(/^[0-9a-f]{32}$/);
});

/** Fills the disk to the last block. */
function fillRest(): void {
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(join(disk, 'filler-2'), Buffer.alloc(Number(bavail) * Number(bsize)));
}
