import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { Files } from '@everywire/chat';
import { MemoryStore } from '@everywire/store-memory';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type AttachmentLimits, defaultAttachmentLimits } from './attachment-limits.js';
import { inspectionOfBytes } from './inspect-file.js';
import { UploadServer } from './uploads.js';

// Tests `UploadServer`, which receives files in parts and resumes broken uploads (the protocol tus).

const [ann, bob] = [1, 2] as const;
const dayMs = 24 * 60 * 60 * 1_000;
const path = '/uploads';

let directory: string;
/** The stored files. */
let stored: Map<string, Buffer>;
let store: MemoryStore;
let now: number;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'everywire-uploads-'));
  stored = new Map();
  store = new MemoryStore({ epoch: '0057117e0057117e' });
  now = Date.now();
});
afterEach(() => rmSync(directory, { recursive: true }));

const files: Pick<Files, 'put' | 'remove'> = {
  put: async (name, bytes) => {
    stored.set(name, await buffer(bytes));
    return stored.get(name)?.length ?? 0;
  },
  remove: async (names) => {
    for (const name of names) stored.delete(name);
  },
};

/** Called while a file is inspected. */
let meanwhile: () => Promise<void>;

async function open(limits: Partial<AttachmentLimits> = {}): Promise<UploadServer> {
  const all = { ...defaultAttachmentLimits, ...limits };
  meanwhile = async () => undefined;
  const inspect = async (_owner: number, task: Parameters<typeof inspectionOfBytes>[0]) => {
    await meanwhile();
    return inspectionOfBytes(task, all);
  };
  return UploadServer.open({
    directory,
    path,
    records: store,
    limits: all,
    wallNow: () => now,
    inspector: { inspect },
    files: files as Files,
  });
}

/** Returns the id of the upload, or the code of the refusal. */
async function begin(
  uploads: UploadServer,
  owner: number,
  bytes: number,
  body?: ReadableStream | string,
): Promise<string> {
  const headers = { 'tus-resumable': '1.0.0', 'upload-length': `${bytes}` };
  const type = body === undefined ? {} : { 'content-type': 'application/offset+octet-stream' };
  const request = new Request(`http://uploads.invalid${path}`, {
    method: 'POST',
    headers: { ...headers, ...type },
    ...(body === undefined ? {} : { body, duplex: 'half' }),
  } as RequestInit);
  const answer = await uploads.handle(owner, request, () => false);
  if (!answer.ok) return ((await answer.json()) as { readonly code: string }).code;
  return answer.headers.get('location')?.split('/').at(-1) ?? '';
}

async function cancel(uploads: UploadServer, owner: number, id: string): Promise<number> {
  const headers = { 'tus-resumable': '1.0.0' };
  const request = new Request(`http://uploads.invalid${path}/${id}`, { method: 'DELETE', headers });
  return (await uploads.handle(owner, request, () => false)).status;
}

it('a request that is cut off removes only an upload of its own user, even before the upload was looked up', async () => {
  const uploads = await open();
  const id = await begin(uploads, ann, 9);
  const held = () => readdirSync(directory).filter((name) => name === id).length;
  const end = async (owner: number, name: string) => {
    const headers = { 'tus-resumable': '1.0.0' };
    const request = new Request(`http://uploads.invalid${path}/${name}`, { method: 'HEAD', headers });
    await expect(uploads.handle(owner, request, () => true)).rejects.toMatchObject({ code: 'unauthenticated' });
  };
  writeFileSync(join(directory, 'other'), 'of nobody');
  await end(bob, id);
  await end(bob, 'other');
  expect([held(), readdirSync(directory).includes('other')]).toEqual([1, true]);
  await end(ann, id);
  expect(held()).toBe(0);
});

it('[U8] a cancelled upload immediately frees its quota', async () => {
  const uploads = await open({ userFileBytesMax: 10_000 });
  for (let time = 0; time < 20; time += 1) {
    const id = await begin(uploads, ann, 9_000);
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(await begin(uploads, ann, 9_000)).toBe('quota_exceeded');
    expect(await cancel(uploads, ann, id)).toBe(204);
  }
  expect(readdirSync(directory)).toEqual([]);
});

it('[U8] an upload cut off while it is created leaves nothing, because its address was never sent', async () => {
  const uploads = await open({ userFileBytesMax: 10_000 });
  const cut = new ReadableStream({ pull: (controller) => controller.error(new Error('cut')) });
  expect(await begin(uploads, ann, 9_000, cut)).not.toMatch(/^[0-9a-f]{32}$/);
  expect(readdirSync(directory)).toEqual([]);
  expect(await begin(uploads, ann, 9_000)).toMatch(/^[0-9a-f]{32}$/);
});

it('[U8] the limit of unfinished uploads applies to each user separately', async () => {
  const uploads = await open({ uploadsPerPersonMax: 3 });
  const [first = '', second = ''] = [await begin(uploads, ann, 1), await begin(uploads, ann, 1, 'x')];
  await begin(uploads, ann, 1);
  expect(await begin(uploads, ann, 1)).toBe('too_many');
  expect(await begin(uploads, bob, 1)).toMatch(/^[0-9a-f]{32}$/);
  await cancel(uploads, ann, first);
  await begin(uploads, ann, 1);
  expect(await begin(uploads, ann, 1)).toBe('too_many');
  await uploads.finish(ann, second);
  await begin(uploads, ann, 1);
  expect(await begin(uploads, ann, 1)).toBe('too_many');
  now += dayMs + 1;
  await uploads.sweep();
  expect(await begin(uploads, ann, 1)).toMatch(/^[0-9a-f]{32}$/);
});

it('[U8] an upload that another server on the directory finished or swept does not count against the limit here', async () => {
  const [one, two] = [await open({ uploadsPerPersonMax: 3 }), await open({ uploadsPerPersonMax: 3 })];
  const fill = async (): Promise<readonly string[]> => [
    await begin(one, ann, 1, 'x'),
    await begin(one, ann, 1, 'x'),
    await begin(one, ann, 1, 'x'),
  ];
  for (const id of await fill()) await two.finish(ann, id);
  await fill();
  expect(await begin(one, ann, 1)).toBe('too_many');
  now += dayMs + 1;
  await two.sweep();
  await one.sweep();
  expect(await fill()).toHaveLength(3);
});

it('an upload that two servers finish simultaneously becomes one file on both', async () => {
  const [one, two] = [await open(), await open()];
  const id = await begin(one, ann, 4, 'text');
  let other: Promise<unknown> | null = null;
  meanwhile = async () => {
    meanwhile = async () => undefined;
    other = two.finish(ann, id);
    await other;
  };
  const ref = await one.finish(ann, id);
  expect(ref).toMatchObject({ id, size: 4 });
  expect(await other).toEqual(ref);
  expect([stored.get(id)?.toString(), readdirSync(directory)]).toEqual(['text', []]);
});

it('[U8] a file is charged a few kilobytes at least, even after it is finished', async () => {
  const uploads = await open({ userFileBytesMax: 10_000, fileChargeBytesMin: 4_000 });
  for (let count = 0; count < 2; count += 1) await uploads.finish(ann, await begin(uploads, ann, 0, ''));
  expect(await begin(uploads, ann, 0)).toBe('quota_exceeded');
  expect([...stored.values()].map((bytes) => bytes.length)).toEqual([0, 0]);
});

it('one sweep removes everything that is due, and nothing else', async () => {
  const uploads = await open({ uploadsPerPersonMax: 5_000, userFileBytesMax: 100_000_000 });
  for (let count = 0; count < 2_100; count += 1)
    await store.addFile({ id: count.toString(16).padStart(32, '0'), owner: ann, size: 1, at: now }, 1e9);
  const due = await begin(uploads, ann, 1, 'x');
  await uploads.finish(ann, due);
  now += dayMs + 1;
  const young = await begin(uploads, ann, 1);
  await uploads.sweep();
  expect(await store.unusedFiles(Number.MAX_SAFE_INTEGER, 5_000)).toEqual([young]);
  expect([...stored.keys()]).toEqual([]);
});

it('a sweep removes files of uploads left by a crash, and keeps recent files and others', async () => {
  const uploads = await open();
  const old = new Date(now - dayMs - 10_000);
  const left = ['0', '1', '2', '3'].map((digit) => digit.repeat(32));
  const [description, bytes, cleaned, young] = [
    `${left[0]}.json`,
    `${left[1]}`,
    `${left[2]}.cleaned`,
    `${left[3]}.json`,
  ];
  for (const name of [description, bytes, cleaned, young, 'files-cookie.key'])
    writeFileSync(join(directory, name), '{}');
  for (const name of [description, bytes, cleaned, 'files-cookie.key']) utimesSync(join(directory, name), old, old);
  await uploads.sweep();
  expect(readdirSync(directory).sort()).toEqual([young, 'files-cookie.key']);
});

it('an upload that was swept while it was inspected leaves no bytes', async () => {
  const uploads = await open();
  const id = await begin(uploads, ann, 1, 'x');
  meanwhile = async () => {
    await store.forgetFiles([id], Number.MAX_SAFE_INTEGER);
  };
  await expect(uploads.finish(ann, id)).rejects.toMatchObject({ code: 'not_found' });
  expect([...stored.keys()]).toEqual([]);
});
