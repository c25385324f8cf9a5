import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileRef } from '@everywire/chat';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestPerson, TestPlace } from './test-place.js';

// Photos, videos and sounds may contain the place where they were made. The server removes it. The helpers build small files
// with a location.

let directory: string;
let place: TestPlace;
let ada: TestPerson;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'everywire-place-'));
  place = await TestPlace.start({ filesDirectory: directory, attachmentLimits: { picturePixelsMax: 5_000 } });
  ada = await place.register('ada');
});
afterAll(async () => {
  await place.stop();
  await rm(directory, { recursive: true });
});

/** Uploads a file and returns its description. */
async function uploaded(bytes: Buffer): Promise<FileRef> {
  const headers = {
    authorization: `Bearer ${ada.token}`,
    'tus-resumable': '1.0.0',
    'upload-length': `${bytes.length}`,
  };
  const made = await fetch(`${place.url}/api/files/uploads`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/offset+octet-stream' },
    body: bytes as unknown as string,
  });
  const id = made.headers.get('location')?.split('/').at(-1);
  return (await (await place.rest('POST', `/api/files/${id}`, undefined, ada.token)).json()) as FileRef;
}

async function downloaded({ id }: FileRef): Promise<Buffer> {
  const answer = await fetch(`${place.url}/api/files/${id}`, { headers: { authorization: `Bearer ${ada.token}` } });
  return Buffer.from(await answer.arrayBuffer());
}

/** The latitude 31° 30' 7" as it stands in a file: three fractions of 32-bit integers. */
const latitude = Buffer.from(Uint32Array.from([31, 1, 30, 1, 7, 1]).buffer);
const hasLocation = (bytes: Buffer): boolean =>
  bytes.includes(latitude) || bytes.includes(Buffer.from(latitude).swap32());

const photo = (format: 'jpeg' | 'avif', side: number): Promise<Buffer> =>
  sharp({ create: { width: side, height: side, channels: 3, background: '#2a6' } })
    .withExif({ IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '31/1 30/1 7/1' } })
    .toFormat(format)
    .toBuffer();

/** Builds a box of an MP4 file. */
function box(type: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + content.length, 0);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, content]);
}

/** Builds a minimal MP4 file with the location in its metadata. */
const movie = (brand: string): Buffer =>
  Buffer.concat([
    box('ftyp', Buffer.from(`${brand}\0\0\0\0`, 'latin1')),
    box('moov', box('udta', latitude)),
    box('mdat', Buffer.from('pictures')),
  ]);

/** Builds an element of a WebM file. The content must be shorter than 127 bytes. */
const element = (id: string, ...content: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from(id, 'hex'), Buffer.from([0x80 + body.length]), body]);
};

/** Builds a minimal WebM or Matroska file with the location in its metadata. */
const webm = (type: string): Buffer =>
  Buffer.concat([
    element('1a45dfa3', element('4282', Buffer.from(type))),
    element('18538067', element('1254c367', latitude), element('1f43b675', element('a3', Buffer.from('sound')))),
  ]);

test.each([
  ['a photograph', () => photo('jpeg', 50), 'image'],
  ['a photograph too large to read', () => photo('jpeg', 100), 'file'],
  ['a photograph of a kind that is not shown', () => photo('avif', 50), 'file'],
  ['a movie', async () => movie('isom'), 'video'],
  ['a movie or a voice in WebM', async () => webm('webm'), 'video'],
  ['a movie in Matroska', async () => webm('matroska'), 'file'],
  ['a movie of a kind that is not shown', async () => movie('3gp5'), 'file'],
])('%s, once uploaded, no longer contains where it was made', async (_what, make, kind) => {
  const bytes = await make();
  expect(hasLocation(bytes)).toBe(true);
  const ref = await uploaded(bytes);
  expect(ref.kind).toBe(kind);
  expect(hasLocation(await downloaded(ref))).toBe(false);
});

test('a picture is delivered without its comment and without bytes after its end', async () => {
  const drawn = await sharp({ create: { width: 20, height: 20, channels: 3, background: '#2a6' } })
    .jpeg()
    .toBuffer();
  const remark = Buffer.from('taken in my garden');
  const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, remark.length + 2]), remark]);
  const file = await uploaded(Buffer.concat([drawn.subarray(0, 2), comment, drawn.subarray(2), remark]));
  expect(file).toMatchObject({ kind: 'image', type: 'image/jpeg', size: drawn.length + comment.length });
  const kept = await downloaded(file);
  expect([kept.includes('garden'), kept.length]).toEqual([false, file.size]);
});
