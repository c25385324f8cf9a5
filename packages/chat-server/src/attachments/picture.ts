import type { Metadata, Sharp } from 'sharp';
import { rgbaToThumbHash } from 'thumbhash';
import type { AttachmentLimits } from './attachment-limits.js';
import { loadSharp } from './load-sharp.js';

/** The result of reading a picture. */
export interface Picture {
  /** Pixels as displayed, with the camera's orientation applied. */
  readonly width: number;
  readonly height: number;
  /** Base64 of a ThumbHash: about 30 bytes, displayed until the picture is loaded. */
  readonly placeholder: string;
  /** WebP; its longer side is at most `previewSide`. */
  readonly preview: Uint8Array;
  /** The re-encoded picture, if the original has metadata; otherwise `null`. */
  readonly cleaned: Uint8Array | null;
}

type Wanted = Pick<
  AttachmentLimits,
  'picturePixelsMax' | 'inspectionMs' | 'previewSide' | 'previewQuality' | 'cleanedQuality'
>;

/** Share of `inspectionMs` for decoding. The rest is for removing the coordinates from a picture that takes too long. */
const PICTURE_SHARE = 2 / 3;

/** Pixels of a side: the maximum input of a ThumbHash. */
const PLACEHOLDER_SIDE = 100;

/**
 * Reads a JPEG, PNG, GIF or WebP. Returns `null` if it cannot be read, has too many pixels, or takes too long; the caller
 * then keeps it as a plain file. The size is read from the header, before any pixel is decoded.
 */
export async function readPicture(path: string, limits: Wanted): Promise<Picture | null> {
  const sharp = await loadSharp();
  const endAt = performance.now() + limits.inspectionMs * PICTURE_SHARE;
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
    .resize({ width: PLACEHOLDER_SIDE, height: PLACEHOLDER_SIDE, fit: 'inside' })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return Buffer.from(rgbaToThumbHash(info.width, info.height, data)).toString('base64');
}

/**
 * Re-encodes the picture, which drops everything but pixels and colours: location, camera, owner, thumbnail. Returns
 * `null` if the picture has no metadata.
 */
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
