import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import sharp from 'sharp';
import { describe, expect } from 'vitest';
import type { TestPerson } from '../chat-server/test-place.js';
import { chatRow } from './chat-row.js';
import type { ChatTarget } from './chat-target.js';

const encode = (text: string): string => Buffer.from(text).toString('base64');

/** Uploads by the tus protocol in one request. Returns the file's id, or the code of the refusal. */
async function upload(target: ChatTarget, person: TestPerson, bytes: Buffer, name: string): Promise<string> {
  const answer = await fetch(`${target.url}/api/files/uploads`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${person.token}`,
      'tus-resumable': '1.0.0',
      'upload-length': String(bytes.length),
      'upload-metadata': `filename ${encode(name)}`,
      'content-type': 'application/offset+octet-stream',
    },
    body: bytes as unknown as string,
  });
  const text = await answer.text();
  if (answer.status !== 201) return (JSON.parse(text) as { readonly code: string }).code;
  return answer.headers.get('location')?.split('/').at(-1) ?? '';
}

/** Finishes an upload and returns the description of the file. */
async function finishUpload(target: ChatTarget, person: TestPerson, id: string): Promise<Record<string, unknown>> {
  const headers = { authorization: `Bearer ${person.token}` };
  return (await (await target.rest('POST', `/api/files/${id}`, undefined, headers)).json()) as Record<string, unknown>;
}

const head = (target: ChatTarget, person: TestPerson, id: string) =>
  fetch(`${target.url}/api/files/${id}`, { headers: { authorization: `Bearer ${person.token}` } });

/** Requests a file and reads only the head of the response. */
async function reader(target: ChatTarget, { token }: TestPerson, id: string): Promise<IncomingMessage> {
  const headers = { authorization: `Bearer ${token}` };
  const request = get(`${target.url}/api/files/${id}`, { agent: false, headers });
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  return answer;
}

describe('a download', () => {
  chatRow(
    '[H11] a download whose client reads nothing is cut, and one with a slow client completes',
    // On a busy machine, the slow client too may read nothing for a while.
    { limits: { answerStalledMs: 6_000 } },
    async (target) => {
      const ann = await target.newcomer();
      const size = 24 << 20;
      const id = await upload(target, ann, Buffer.alloc(size, 'a'), 'a');
      await finishUpload(target, ann, id);
      const hanging = await Promise.all([1, 2, 3].map(() => reader(target, ann, id)));
      const slow = await reader(target, ann, id);
      await target.until(({ openFiles }) => openFiles === 4);
      let taken = 0;
      let hurried = false;
      const whole = (async () => {
        for await (const chunk of slow) {
          taken += (chunk as Buffer).length;
          // Slow for as long as it takes to cut the others.
          if (!hurried) await new Promise((resolve) => setTimeout(resolve, 20));
        }
      })();
      await target.until(({ openFiles }) => openFiles <= 1);
      hurried = true;
      await whole;
      expect(taken).toBe(size);
      await target.until(({ openFiles }) => openFiles === 0);
      for (const answer of hanging) await expect(readWhole(answer)).rejects.toThrow('aborted');
    },
  );
});

async function readWhole(answer: IncomingMessage): Promise<void> {
  for await (const _ of answer);
}

describe('an upload', () => {
  chatRow(
    '[U1] an upload whose name is a path, a device or very long creates no such file on disk',
    {},
    async (target) => {
      const ann = await target.newcomer();
      for (const name of [
        '../../x',
        '..\\..\\x',
        '/etc/passwd',
        'a\0b',
        'CON',
        '.',
        '..',
        'x'.repeat(4_096),
        '\u202etxt.exe',
      ]) {
        const file = await finishUpload(target, ann, await upload(target, ann, Buffer.from('x'), name));
        expect(file['id']).toMatch(/^[0-9a-f]{32}$/);
        expect(file['name']).not.toMatch(/[/\\\0\u202e]|^\.\.?$/);
        expect(String(file['name']).length).toBeLessThanOrEqual(200);
      }
    },
  );

  chatRow(
    '[U2] an upload that a browser could execute is only offered as a download, regardless of its declared type',
    {},
    async (target) => {
      const ann = await target.newcomer();
      const script = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
      for (const [name, bytes] of [
        ['a.svg', script],
        ['a.png', script],
        ['a.html', '<!doctype html><script>alert(1)</script>'],
        ['a.xml', '<?xml version="1.0"?><?xml-stylesheet href="x.xsl"?><a/>'],
        ['a.jpg', '%PDF-1.7 /JavaScript'],
      ] as const) {
        const { id } = await finishUpload(target, ann, await upload(target, ann, Buffer.from(bytes), name));
        const got = await head(target, ann, String(id));
        expect([name, got.headers.get('content-disposition')?.split(';')[0]]).toEqual([name, 'attachment']);
        expect(got.headers.get('content-type')).not.toMatch(/svg|html|xml/);
        expect(got.headers.get('content-security-policy')).toContain('sandbox');
        expect(got.headers.get('x-content-type-options')).toBe('nosniff');
        await got.arrayBuffer();
      }
    },
  );

  chatRow('[U4] an upload of an archive is stored unchanged and never unpacked', {}, async (target) => {
    const ann = await target.newcomer();
    // The head of a zip whose only member claims four gigabytes.
    const bomb = Buffer.from(`504b0304140000000800${'00'.repeat(8)}ffffffff${'ffffffff'}01000000${'61'}`, 'hex');
    const file = await finishUpload(target, ann, await upload(target, ann, bomb, 'a.zip'));
    expect(file).toMatchObject({ kind: 'file', size: bomb.length });
    expect(Buffer.from(await (await head(target, ann, String(file['id']))).arrayBuffer()).equals(bomb)).toBe(true);
  });

  const movieOfBoxes = (content: string, count: number): Buffer => {
    const head = Buffer.from('\0\0\0\x14ftypisom\0\0\0\0isom', 'latin1');
    const box = Buffer.from('\0\0\0\x08free', 'latin1');
    if (content === 'free') return Buffer.concat([head, Buffer.alloc(box.length * count, box)]);
    const tracks = Buffer.alloc(box.length * count, '\0\0\0\x08trak', 'latin1');
    const index = Buffer.from('\0\0\0\0moov', 'latin1');
    index.writeUInt32BE(index.length + tracks.length);
    return Buffer.concat([head, index, tracks]);
  };
  const jpegHead = Buffer.from('ffd8ffe0', 'hex');
  for (const [name, bytes] of [
    ['[U11] an upload that consists only of boxes', movieOfBoxes('free', 4_000_000)],
    ['[U11] an upload that consists only of tracks', movieOfBoxes('trak', 2_000_000)],
    [
      '[U12] an upload that consists only of starts of EXIF',
      Buffer.concat([jpegHead, Buffer.alloc(32_000_000, 'II*\0', 'latin1')]),
    ],
  ] as const)
    chatRow(`${name} is stored as bytes, and another person's picture does not wait for it`, {}, async (target) => {
      const [ann, bob] = [await target.newcomer(), await target.newcomer()];
      const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#2a6' } })
        .png()
        .toBuffer();
      const mine = await Promise.all([1, 2, 3].map(() => upload(target, ann, bytes, 'a.mp4')));
      const finishing = mine.map((id) => finishUpload(target, ann, id));
      const picture = await finishUpload(target, bob, await upload(target, bob, png, 'a.png'));
      expect(picture).toMatchObject({ kind: 'image', picture: { width: 8, height: 8 } });
      for (const file of await Promise.all(finishing))
        expect(file).toMatchObject({ kind: 'file', type: 'application/octet-stream', size: bytes.length });
    });

  chatRow(
    '[U14] slow inspections of several people are cut short when the picture of another person waits',
    // Without the cut, no slow inspection of this test would end in time.
    { attachmentLimits: { inspectionMs: 600_000 } },
    async (target) => {
      const [ann, eve, bob] = [await target.newcomer(), await target.newcomer(), await target.newcomer()];
      const raw = { width: 5_000, height: 4_000, channels: 3 } as const;
      const noise = randomBytes(raw.width * raw.height * raw.channels);
      const exif = { IFD0: { Model: 'Camera' } };
      const slow = await sharp(noise, { raw }).withExif(exif).webp({ effort: 0 }).toBuffer();
      const elements = Buffer.concat([
        Buffer.from('1a45dfa3801853806701ffffffffffffff', 'hex'),
        Buffer.alloc(8_000_000, Buffer.from('ec80', 'hex')),
      ]);
      const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#2a6' } })
        .png()
        .toBuffer();
      const uploads = [
        [ann, await upload(target, ann, slow, 'a.webp')],
        [eve, await upload(target, eve, slow, 'a.webp')],
        [eve, await upload(target, eve, elements, 'a.webm')],
      ] as const;
      const finishing = uploads.map(([person, id]) => finishUpload(target, person, id));
      const picture = await finishUpload(target, bob, await upload(target, bob, png, 'a.png'));
      expect(picture).toMatchObject({ kind: 'image', picture: { width: 8, height: 8 } });
      const [first, , movie] = await Promise.all(finishing);
      for (const file of [first, movie]) expect(file).toMatchObject({ kind: 'file', type: 'application/octet-stream' });
    },
  );

  chatRow('[U6] an upload as a multipart form is refused', {}, async (target) => {
    const ann = await target.newcomer();
    const part = '--b\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\nx\r\n';
    for (const path of ['/api/files/uploads', '/api/me', '/api/login']) {
      const answer = await fetch(target.url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${ann.token}`, 'content-type': 'multipart/form-data; boundary=b' },
        body: part.repeat(10_000),
      }).catch(() => null);
      expect([400, 404, 412, 413, 415, undefined]).toContain(answer?.status);
      await answer?.text();
    }
  });

  chatRow('[U9] an upload of bytes that another person has uploaded is a separate file', {}, async (target) => {
    const [ann, bob] = [await target.newcomer(), await target.newcomer()];
    const bytes = Buffer.alloc(100_000, 'secret');
    const first = await finishUpload(target, ann, await upload(target, ann, bytes, 'a'));
    const hash = createHash('sha256').update(bytes).digest('hex');
    for (const id of [String(first['id']), hash.slice(0, 32)]) {
      expect((await head(target, bob, id)).status).toBe(404);
      expect(await target.code('POST', `/api/files/${id}`, undefined, bob)).toBe('not_found');
    }
    const second = await finishUpload(target, bob, await upload(target, bob, bytes, 'a'));
    expect(second['id']).not.toBe(first['id']);
  });

  chatRow(
    '[U8] an upload above the storage limit is refused before its bytes',
    {
      attachmentLimits: { fileBytesMax: 1_000, userFileBytesMax: 1_500, fileChargeBytesMin: 1 },
    },
    async (target) => {
      const ann = await target.newcomer();
      expect(await upload(target, ann, Buffer.alloc(1_001), 'a')).toBe('too_long');
      expect(await upload(target, ann, Buffer.alloc(1_000), 'a')).toMatch(/^[0-9a-f]{32}$/);
      expect(await upload(target, ann, Buffer.alloc(501), 'a')).toBe('quota_exceeded');
    },
  );
});
