import { writeFile } from 'node:fs/promises';
import type { FileName, FileRef } from '@everywire/chat';
import type { AttachmentLimits } from './attachment-limits.js';
import { contentTypeOf, type Family } from './content-type.js';
import { fileTitle } from './file-title.js';
import { forgetRemarks } from './forget-remarks.js';
import { forgetPlace } from './movie-place.js';
import { forgetPhotoPlace } from './photo-place.js';
import { type Picture, readPicture } from './picture.js';
import { forgetTags } from './webm-tags.js';

/** A whole upload that is inspected. */
export interface InspectionTask {
  /** Where its bytes lie; they may be changed in place. */
  readonly path: string;
  /** Where a picture is to be written that is written anew. */
  readonly cleanedPath: string;
  readonly id: FileName;
  /** What the sender called it. */
  readonly name: string;
  /** The media type that the sender gave it. */
  readonly type: string;
}

/** What becomes of an upload: its description, and the bytes to keep. */
export interface Inspection {
  /** Without the size, which is known when the bytes are kept. */
  readonly ref: Omit<FileRef, 'size'>;
  readonly preview: Uint8Array | null;
  /** Where the bytes to keep lie: the path of the upload, or a file next to it with the picture written anew. */
  readonly path: string;
}

/** The name under which a file's preview is kept. */
export function previewName(id: FileName): FileName {
  return `${id}.preview`;
}

/**
 * Inspects an upload. Belongs to the inspection process, because much of it is synchronous. Without `pixels`, a picture is not decoded and kept as bytes without
 * its coordinates. Throws where the disk fails.
 */
export async function inspectFile(
  task: InspectionTask,
  limits: AttachmentLimits,
  pixels: boolean,
): Promise<Inspection> {
  const { path } = task;
  const { family, ...content } = await contentTypeOf(path, task.type);
  const asBytes = (): Inspection => inspectionOfBytes(task, limits);
  const described = { ...asBytes().ref, ...content };
  const picture = content.kind === 'image' && pixels ? await readPicture(path, limits) : null;
  if (picture !== null) {
    // Comments, what stands behind the pixels of a PNG, and what a WebP does not announce, libvips does not see: all of it is made blank instead.
    const cleaned = picture.cleaned !== null || forgetRemarks(path, limits) || forgetPhotoPlace(path, limits);
    return cleaned ? withPicture(task, described, picture) : asBytes();
  }
  if (family === 'picture') {
    forgetPhotoPlace(path, limits);
    return asBytes();
  }
  return isForgotten(family, path, limits) ? { ref: described, path, preview: null } : asBytes();
}

/** Whether a file tells nothing of place, camera and owner any more, or is of a kind of which nothing is taken out. */
function isForgotten(family: Family, path: string, limits: AttachmentLimits): boolean {
  if (family === 'movie') return forgetPlace(path, limits);
  return family !== 'matroska' || forgetTags(path, limits);
}

/** What could not be read as what it claims to be is only bytes: offered for saving, never shown. */
export function inspectionOfBytes({ path, id, name }: InspectionTask, limits: AttachmentLimits): Inspection {
  const title = fileTitle(name, limits.fileNameCharactersMax);
  return { ref: { id, name: title, kind: 'file', type: 'application/octet-stream' }, path, preview: null };
}

async function withPicture(
  { path, cleanedPath }: InspectionTask,
  ref: Inspection['ref'],
  picture: Picture,
): Promise<Inspection> {
  const { width, height, placeholder, preview, cleaned } = picture;
  const shown = { ref: { ...ref, picture: { width, height, placeholder } }, preview };
  if (cleaned === null) return { ...shown, path };
  // On the disk, because a process hands over bytes by copying them, and these may be as many as the upload has.
  await writeFile(cleanedPath, cleaned);
  return { ...shown, path: cleanedPath };
}
