import type { Metadata, Sharp } from 'sharp';
import { rgbaToThumbHash } from 'thumbhash';
import type { AttachmentLimits } from './attachment-limits.js';
import { loadSharp } from './load-sharp.js';

/** What is known of a picture after it was looked at. */
export interface Picture {
  /** As it is shown, turned as its camera said. */
  readonly width: number;
  readonly height: number;
  /** Base64 of a ThumbHash: about 30 bytes that stand in for it until it has come. */
  readonly placeholder: string;
  /** WebP, its longer side at most `previewSide`. */
  readonly preview: Uint8Array;
  /** The whole picture anew where it told where or by what it was made; `null` where the bytes that came say nothing. */
  readonly cleaned: Uint8Array | null;
}

type Wanted = Pick<
  AttachmentLimits,
  'picturePixelsMax' | 'inspectionMs' | 'previewSide' | 'previewQuality' | 'cleanedQuality'
>;

/** Of the time for one file, so that some is left to take the coordinates from a picture that took too long. */
const pictureShare = 2 / 3;

/** The most that a ThumbHash is made of; of fewer it would say the same. */
const placeholderSide = 100;

/**
 * Reads a JPEG, PNG, GIF or WebP. `null` where it cannot be read, has too many pixels, or takes too long: then it is kept as a file
 * like any other. The header alone decides on the size, so nothing large is ever decoded.
 */
export async function readPicture(path: string, limits: Wanted): Promise<Picture | null> {
  const sharp = await loadSharp();
  const endAt = performance.now() + limits.inspectionMs * pictureShare;
  try {
    const open: Opener = (animated = false) =>
      sharp(path, { limitInputPixels: limits.picturePixelsMax, failOn: 'error', animated }).timeout({
        seconds: Math.max(1, Math.ceil((endAt - performance.now()) / 1_000)),
      });
    const metadata = await open().metadata();
    const size = shownSize(metadata);
    if (size === null || pixelsOf(metadata) > limits.picturePixelsMax) return null;
    const preview = await open()
      .autoOrient()
      .resize({ width: limits.previewSide, height: limits.previewSide, fit: 'inside', withoutEnlargement: true })
      .webp({ quality: limits.previewQuality })
      .toBuffer();
    return {
      ...size,
      preview,
      placeholder: await placeholderOf(sharp(preview)),
      cleaned: await clean(open, metadata, limits),
    };
  } catch {
    return null;
  }
}

type Opener = (animated?: boolean) => Sharp;

function pixelsOf({ width, pageHeight, height, pages }: Metadata): number {
  return width * (pageHeight ?? height) * (pages ?? 1);
}

function shownSize({ autoOrient }: Metadata): { width: number; height: number } | null {
  return autoOrient.width > 0 && autoOrient.height > 0 ? { width: autoOrient.width, height: autoOrient.height } : null;
}

async function placeholderOf(preview: Sharp): Promise<string> {
  const { data, info } = await preview
    .resize({ width: placeholderSide, height: placeholderSide, fit: 'inside' })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return Buffer.from(rgbaToThumbHash(info.width, info.height, data)).toString('base64');
}

/** Writing anew leaves out everything but the pixels and their colours: place, camera, owner, the small picture inside. */
async function clean(open: Opener, metadata: Metadata, { cleanedQuality }: Wanted): Promise<Uint8Array | null> {
  const { exif, xmp, iptc, tifftagPhotoshop, comments } = metadata;
  if (!exif && !xmp && !iptc && !tifftagPhotoshop && (comments?.length ?? 0) === 0) return null;
  const picture = open((metadata.pages ?? 1) > 1)
    .autoOrient()
    .keepIccProfile();
  switch (metadata.format) {
    case 'jpeg':
      return picture.jpeg({ quality: cleanedQuality, chromaSubsampling: '4:4:4' }).toBuffer();
    case 'png':
      return picture.png().toBuffer();
    case 'webp':
      return picture.webp({ quality: cleanedQuality }).toBuffer();
    default:
      return picture.gif().toBuffer();
  }
}
