import { createReadStream } from 'node:fs';
import type { FileName, FileRef } from '@everywire/chat';
import type { AttachmentLimits } from './attachment-limits.js';
import { contentTypeOf } from './content-type.js';
import { fileTitle } from './file-title.js';
import { forgetPlace } from './movie-place.js';
import { forgetPhotoPlace } from './photo-place.js';
import { type Picture, readPicture } from './picture.js';

/** What becomes of an upload: its description, and the bytes to keep. `size` in the description is that of the upload. */
export interface Inspected {
  readonly ref: Omit<FileRef, 'size'>;
  readonly bytes: () => AsyncIterable<Uint8Array>;
  readonly preview: AsyncIterable<Uint8Array> | null;
}

/** The name under which a file's preview is kept. */
export function previewName(id: FileName): FileName {
  return `${id}.preview`;
}

/** Looks at the whole upload at `path`, which may be changed in place. `name` and `type` are what the sender called it. */
export async function inspectFile(
  path: string,
  { id, name, type }: { readonly id: FileName; readonly name: string; readonly type: string },
  limits: AttachmentLimits,
): Promise<Inspected> {
  const { family, ...content } = await contentTypeOf(path, type);
  const ref = { id, name: fileTitle(name, limits.fileNameCharactersMax), ...content };
  const picture = content.kind === 'image' ? await readPicture(path, limits) : null;
  if (picture !== null) return withPicture(path, ref, picture);
  if (family === 'picture') {
    await forgetPhotoPlace(path);
    return asBytes(path, unshown(ref));
  }
  const known = family !== 'movie' || (await forgetPlace(path, limits.movieIndexBytesMax));
  return asBytes(path, known ? ref : unshown(ref));
}

type Described = Inspected['ref'];

function withPicture(path: string, ref: Described, picture: Picture): Inspected {
  const { width, height, placeholder, preview, cleaned } = picture;
  return {
    ref: { ...ref, picture: { width, height, placeholder } },
    bytes: () => (cleaned === null ? createReadStream(path) : once(cleaned)),
    preview: once(preview),
  };
}

function asBytes(path: string, ref: Described): Inspected {
  return { ref, bytes: () => createReadStream(path), preview: null };
}

/** What could not be read as what it claims to be is only bytes. */
function unshown(ref: Described): Described {
  return { ...ref, kind: 'file', type: 'application/octet-stream' };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
