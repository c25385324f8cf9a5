import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { thumbHashToApproximateAspectRatio } from 'thumbhash';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultAttachmentLimits } from './attachment-limits.js';
import { readPicture } from './picture.js';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'everywire-picture-'));
});
afterAll(() => rm(directory, { recursive: true }));

const plain = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: { r: 200, g: 90, b: 30 } } });

async function file(bytes: Uint8Array): Promise<string> {
  const path = join(directory, `${Math.random()}`);
  await writeFile(path, bytes);
  return path;
}

const place = {
  IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '31/1 30/1 0/1', GPSLongitudeRef: 'E', GPSLongitude: '121/1 57/1 0/1' },
};

describe('readPicture', () => {
  it('readPicture returns a preview and a placeholder of one shape, and keeps bytes without metadata', async () => {
    const picture = await readPicture(await file(await plain(1600, 800).jpeg().toBuffer()), defaultAttachmentLimits);
    expect(picture).toMatchObject({ width: 1600, height: 800, cleaned: null });
    const preview = await sharp(picture?.preview).metadata();
    expect(preview).toMatchObject({ format: 'webp', width: 720, height: 360 });
    const hash = Buffer.from(picture?.placeholder ?? '', 'base64');
    expect(hash.length).toBeLessThan(40);
    expect(thumbHashToApproximateAspectRatio(hash)).toBeCloseTo(2, 0);
  });

  it('readPicture removes the location and applies the orientation of the camera', async () => {
    for (const format of ['jpeg', 'png', 'webp'] as const) {
      const photo = await plain(300, 200).withExif(place).withMetadata({ orientation: 6 }).toFormat(format).toBuffer();
      expect((await sharp(photo).metadata()).exif, format).toBeDefined();
      const picture = await readPicture(await file(photo), defaultAttachmentLimits);
      expect(picture, format).toMatchObject({ width: 200, height: 300 });
      const cleaned = await sharp(picture?.cleaned ?? photo).metadata();
      expect(cleaned, format).toMatchObject({ format, width: 200, height: 300 });
      expect(cleaned.exif, format).toBeUndefined();
      expect((await sharp(picture?.preview).metadata()).exif, format).toBeUndefined();
    }
  });

  it('[U3] readPicture decodes no picture with too many pixels, summed over its frames', async () => {
    const limits = { ...defaultAttachmentLimits, picturePixelsMax: 10_000 };
    expect(await readPicture(await file(await plain(101, 100).png().toBuffer()), limits)).toBeNull();
    expect(await readPicture(await file(await plain(100, 100).png().toBuffer()), limits)).not.toBeNull();
    const frame = (at: number) =>
      plain(30, 30)
        .tint({ r: at * 20, g: 0, b: 0 })
        .png()
        .toBuffer();
    const frames = await Promise.all(Array.from({ length: 12 }, (_, at) => frame(at)));
    const animated = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer();
    expect(await readPicture(await file(animated), limits)).toBeNull();
    expect(await readPicture(await file(animated), defaultAttachmentLimits)).toMatchObject({ width: 30, height: 30 });
  });

  it('[U3] readPicture stops after a header that claims 50,000 x 50,000 pixels', async () => {
    const png = await plain(8, 8).png().toBuffer();
    png.writeUInt32BE(50_000, 16);
    png.writeUInt32BE(50_000, 20);
    const began = process.memoryUsage().rss;
    expect(await readPicture(await file(png), defaultAttachmentLimits)).toBeNull();
    expect(process.memoryUsage().rss - began).toBeLessThan(200 * 1024 * 1024);
  });

  it('readPicture returns null for a file that is corrupt or not a picture', async () => {
    const jpeg = await plain(400, 400).jpeg().toBuffer();
    for (const bytes of [jpeg.subarray(0, 300), Buffer.from('<svg/>'), Buffer.alloc(0)]) {
      expect(await readPicture(await file(bytes), defaultAttachmentLimits)).toBeNull();
    }
  });
});
