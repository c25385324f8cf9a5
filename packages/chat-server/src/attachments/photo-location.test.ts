import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultAttachmentLimits } from './attachment-limits.js';
import { inspectFile } from './inspect-file.js';
import { stripPhotoLocation } from './photo-location.js';

// Tests `stripPhotoLocation`, which blanks the coordinates in a photo that the server does not encode again, because it
// is too large or of an unsupported format. No byte of the photo moves.

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'everywire-photo-'));
  // Another test of this process may have blocked formats that the server does not decode.
  sharp.unblock({ operation: ['VipsForeignLoad'] });
});
afterAll(() => rm(directory, { recursive: true }));

/** Returns the bytes of the photo without its location. */
async function withoutLocation(bytes: Buffer): Promise<Buffer> {
  const path = join(directory, 'photo');
  await writeFile(path, bytes);
  stripPhotoLocation(path, defaultAttachmentLimits);
  return readFile(path);
}

const exif = {
  IFD0: { Make: 'camera' },
  IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '31/1 30/1 7/1', GPSLongitudeRef: 'E', GPSLongitude: '121/1 57/1 9/1' },
};
const numbers = [31, 1, 30, 1, 7, 1];
const little = Buffer.from(Uint32Array.from(numbers).buffer);
/** Returns whether the bytes contain the latitude and longitude, in either byte order. */
const hasLocation = (bytes: Buffer): boolean => bytes.includes(little) || bytes.includes(Buffer.from(little).swap32());

/** A chunk of a PNG file. */
interface Chunk {
  readonly kind: string;
  readonly sum: number;
  /** The bytes that the checksum covers. */
  readonly bytes: Buffer;
}

/** Creates a chunk of a PNG. @param text the kind (4 characters) and the content */
function chunk(text: string): Buffer {
  const [bytes, numbers] = [Buffer.from(text, 'latin1'), Buffer.alloc(8)];
  numbers.writeUInt32BE(bytes.length - 4);
  numbers.writeUInt32BE(crc32(bytes), 4);
  return Buffer.concat([numbers.subarray(0, 4), bytes, numbers.subarray(4)]);
}

function chunksOf(png: Buffer): readonly Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 8; at < png.length; ) {
    const end = at + 8 + png.readUInt32BE(at);
    const bytes = png.subarray(at + 4, end);
    chunks.push({ kind: bytes.toString('latin1', 0, 4), sum: png.readUInt32BE(end), bytes });
    at = end + 4;
  }
  return chunks;
}

describe('stripPhotoLocation', () => {
  for (const format of ['jpeg', 'webp', 'png', 'avif'] as const)
    it(`stripPhotoLocation blanks the coordinates of a picture in ${format} and moves no byte`, async () => {
      const photo = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#2a6' } })
        .withExif(exif)
        .toFormat(format)
        .toBuffer();
      expect(hasLocation(photo)).toBe(true);
      const after = await withoutLocation(photo);
      expect([hasLocation(after), after.length]).toEqual([false, photo.length]);
      expect(after.includes('camera')).toBe(true);
      const [pixels, before] = await Promise.all([after, photo].map((each) => sharp(each).raw().toBuffer()));
      expect(pixels?.equals(before ?? Buffer.alloc(0))).toBe(true);
    });

  it('stripPhotoLocation updates the checksums of a changed PNG and leaves any other PNG unchanged', async () => {
    const drawn = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#2a6' } })
      .withExif(exif)
      .png()
      .toBuffer();
    const xmp = chunk('iTXtXML:com.adobe.xmp\0\0\0\0\0<x exif:GPSLatitude="31,30.1N"/>');
    const photo = Buffer.concat([drawn.subarray(0, -12), xmp, drawn.subarray(-12)]);
    const after = await withoutLocation(photo);
    expect([hasLocation(after), after.includes('31,30'), after.equals(photo)]).toEqual([false, false, false]);
    expect(chunksOf(after).map(({ kind }) => kind)).toEqual(expect.arrayContaining(['eXIf', 'iTXt', 'IDAT', 'IEND']));
    for (const { kind, sum, bytes } of chunksOf(after)) expect([kind, sum]).toEqual([kind, crc32(bytes)]);
    // A length beyond the file ends the scan; a picture without coordinates keeps every byte.
    const cut = Buffer.concat([photo.subarray(0, 8), Buffer.from('fffffff0', 'hex'), Buffer.from('eXIf')]);
    for (const whole of [cut, photo.subarray(0, 10), after]) expect(await withoutLocation(whole)).toEqual(whole);
  });

  it('inspectFile removes coordinates after the pixels of a PNG, which the decoder does not see', async () => {
    const drawn = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#2a6' } })
      .png()
      .toBuffer();
    const xmp = chunk('iTXtXML:com.adobe.xmp\0\0\0\0\0<x exif:GPSLatitude="31,30.1N"/>');
    const path = join(directory, 'behind.png');
    await writeFile(path, Buffer.concat([drawn.subarray(0, -12), xmp, drawn.subarray(-12)]));
    const task = { path, cleanedPath: `${path}.cleaned`, id: 'a'.repeat(32), name: 'a.png', type: '' };
    const inspected = await inspectFile(task, defaultAttachmentLimits, true);
    expect(inspected.ref.picture).toMatchObject({ width: 64, height: 48 });
    expect((await readFile(inspected.path)).includes('31,30')).toBe(false);
  });

  it('stripPhotoLocation blanks coordinates in XMP across read windows', async () => {
    const xmp = `<x exif:GPSLatitude="31,30.1N" drone-dji:GpsLongitude="121.95"><exif:GPSAltitude>12/1</exif:GPSAltitude></x>`;
    for (const at of [0, (1 << 20) - 30, (1 << 20) - 1_000, 1 << 20, 3_000_000]) {
      const photo = Buffer.concat([Buffer.alloc(at, 'a'), Buffer.from(xmp), Buffer.alloc(2_000_000, 'b')]);
      const after = await withoutLocation(photo);
      expect(after.length).toBe(photo.length);
      for (const part of ['31,30', '121.95', '12/1']) expect(after.includes(part), `${part} at ${at}`).toBe(false);
      expect(after.subarray(at, at + xmp.length).toString()).toMatch(/^<x exif:GPSLatitude=" +".*<\/x>$/);
    }
  });

  it('stripPhotoLocation blanks a directory that holds only the coordinates', async () => {
    const photo = Buffer.concat([
      Buffer.from('ftypcrx CMT4MM\0*\0\0\0\x08', 'latin1'),
      Buffer.from('0001' + '0002' + '0005' + '00000003' + '0000001a' + '00000000', 'hex'),
      Buffer.from(little).swap32(),
    ]);
    expect(hasLocation(await withoutLocation(photo))).toBe(false);
  });

  it('[U12] stripPhotoLocation leaves a picture with too many EXIF headers or coordinates unchanged', async () => {
    const path = join(directory, 'many');
    const heads = Buffer.from('II*\0\x08\0\0\0MM\0*'.repeat(10), 'latin1');
    const places = Buffer.from('<x exif:GPSLatitude="31,30.1N"/>'.repeat(20));
    for (const photo of [heads, places]) {
      await writeFile(path, photo);
      expect(stripPhotoLocation(path, { photoHeadsMax: 19, photoPlacesMax: 19 })).toBe(false);
      expect((await readFile(path)).equals(photo)).toBe(true);
      expect(stripPhotoLocation(path, { photoHeadsMax: 20, photoPlacesMax: 20 })).toBe(true);
    }
  });

  it('stripPhotoLocation leaves a picture unchanged if its directories would blank more than its size', async () => {
    const entries = '00020005000000030000003e'.repeat(4);
    const photo = Buffer.concat([
      Buffer.from('MM\0*\0\0\0\x08', 'latin1'),
      Buffer.from(`0004${entries}00000000`, 'hex'),
      Buffer.alloc(24, 1),
    ]);
    expect((await withoutLocation(photo)).equals(photo)).toBe(true);
  });

  it('stripPhotoLocation leaves bytes unchanged that only look like EXIF', async () => {
    const pointing = (hex: string): Buffer => Buffer.from(`49492a0008000000${hex}`, 'hex');
    for (const photo of [
      pointing(''),
      pointing('ffff'),
      pointing('0100258804000100000000ffffff00000000'),
      pointing('0100258804000100000008000000'),
      pointing('01002588ff000100000008000000ffffffff'),
      Buffer.from('II*\0MM\0*II*\0'),
      Buffer.alloc(0),
    ])
      expect((await withoutLocation(photo)).equals(photo), photo.toString('hex')).toBe(true);
  });
});
