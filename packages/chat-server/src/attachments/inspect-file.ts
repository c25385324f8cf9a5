import { writeFile } from 'node:fs/promises';
import type { FileName, FileRef } from '@everywire/chat';
import type { AttachmentLimits } from './attachment-limits.js';
import { contentTypeOf, type Family } from './content-type.js';
import { fileTitle } from './file-title.js';
import { stripMovieMetadata } from './movie-metadata.js';
import { stripPhotoLocation } from './photo-location.js';
import { type Picture, readPicture } from './picture.js';
import { stripPictureMetadata } from './strip-picture-metadata.js';
import { stripMatroskaTags } from './webm-tags.js';

/** A complete upload to inspect. */
export interface InspectionTask {
  /** Path of the bytes, which may be changed in place. */
  readonly path: string;
  /** Path for a re-encoded picture. */
  readonly cleanedPath: string;
  readonly id: FileName;
  /** The file name that the sender gave. */
  readonly name: string;
  /** The media type that the sender gave. */
  readonly type: string;
}

/** The result of an inspection: the description of the file, and the bytes to keep. */
export interface Inspection {
  /** Without the size, which is known once the bytes are stored. */
  readonly ref: Omit<FileRef, 'size'>;
  readonly preview: Uint8Array | null;
  /** Path of the bytes to keep: the upload, or a file next to it with the re-encoded picture. */
  readonly path: string;
}

/** Returns the name under which the preview of a file is stored. */
export function previewName(id: FileName): FileName {
  return `${id}.preview`;
}

/**
 * Inspects an upload. Runs in the inspection process, because much of it is synchronous. Without `pixels`, a picture is
 * not decoded but kept as bytes, with its coordinates removed. Throws if the disk fails.
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
    // If the picture was not re-encoded, its metadata is blanked in the file, because libvips (the picture library) does
    // not see comments, data after the pixels of a PNG, or chunks that a WebP header does not announce.
    const cleaned = picture.cleaned !== null || stripPictureMetadata(path, limits) || stripPhotoLocation(path, limits);
    return cleaned ? withPicture(task, described, picture) : asBytes();
  }
  if (family === 'picture') {
    stripPhotoLocation(path, limits);
    return asBytes();
  }
  return isMetadataRemoved(family, path, limits) ? { ref: described, path, preview: null } : asBytes();
}

/**
 * Removes the metadata of a movie. Returns whether the file no longer reveals location, camera or owner; also true if its
 * type needs no cleaning.
 */
function isMetadataRemoved(family: Family, path: string, limits: AttachmentLimits): boolean {
  if (family === 'movie') return stripMovieMetadata(path, limits);
  return family !== 'matroska' || stripMatroskaTags(path, limits);
}

/**
 * Returns the result for a file that could not be read as what it claims to be: only offered as a download, never
 * displayed.
 */
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
  // The picture is written to disk, because processes exchange bytes by copying them, and it can be as large as the upload.
  await writeFile(cleanedPath, cleaned);
  return { ...shown, path: cleanedPath };
}
