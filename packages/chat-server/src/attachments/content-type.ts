import type { FileKind } from '@everywire/chat';

/** Describes how a file is served. */
export interface ContentType {
  readonly kind: FileKind;
  /** The media type of our answers. Derived from the bytes, never from what the sender claimed. */
  readonly type: string;
}

/**
 * Container family of a file whose location metadata must be removed, even if the file is only offered as a download.
 */
export type Family = 'picture' | 'movie' | 'matroska' | null;

/** Types that the page displays or plays; all others are only offered as downloads. None of these can hold a script. */
const shown: Readonly<Record<string, FileKind>> = {
  'image/jpeg': 'image',
  'image/png': 'image',
  'image/gif': 'image',
  'image/webp': 'image',
  'video/mp4': 'video',
  'video/quicktime': 'video',
  'video/webm': 'video',
  'audio/mpeg': 'audio',
  'audio/mp4': 'audio',
  'audio/x-m4a': 'audio',
  'audio/ogg': 'audio',
  'audio/opus': 'audio',
  'audio/wav': 'audio',
  'audio/flac': 'audio',
  'audio/webm': 'audio',
};

/** Types of files that store metadata in boxes (see `movie-metadata.ts`). */
const movies: ReadonlySet<string> = new Set([
  ...['video/mp4', 'video/quicktime', 'video/x-m4v', 'video/3gpp', 'video/3gpp2'],
  ...['audio/mp4', 'audio/x-m4a'],
]);

/** Types of files that store metadata in tags (see `webm-tags.ts`). */
const matroska: ReadonlySet<string> = new Set(['video/webm', 'audio/webm', 'video/matroska', 'audio/matroska']);

const unknown: ContentType = { kind: 'file', type: 'application/octet-stream' };

/**
 * Detects the type of a file from its first bytes. `hint` is the sender's media type; it only distinguishes audio from
 * video in containers that can hold either, such as a voice message in WebM.
 */
export async function contentTypeOf(path: string, hint: string): Promise<ContentType & { readonly family: Family }> {
  // Not `fileTypeFromFile`, whose reader a bundle cannot contain.
  const [{ fileTypeFromTokenizer }, { fromFile }] = await Promise.all([import('file-type'), import('strtok3')]);
  const type = (await fileTypeFromTokenizer(await fromFile(path)))?.mime.split(';', 1)[0];
  if (type === undefined) return { ...unknown, family: null };
  return { ...servedAs(type, hint), family: familyOf(type) };
}

function familyOf(type: string): Family {
  if (type.startsWith('image/')) return 'picture';
  if (movies.has(type)) return 'movie';
  return matroska.has(type) ? 'matroska' : null;
}

function servedAs(type: string, hint: string): ContentType {
  if (type === 'video/webm' && hint.startsWith('audio/')) return { kind: 'audio', type: 'audio/webm' };
  if (type === 'video/mp4' && hint.startsWith('audio/')) return { kind: 'audio', type: 'audio/mp4' };
  const kind = shown[type];
  return kind === undefined ? { kind: 'file', type: downloadType(type) } : { kind, type };
}

/**
 * Returns whether a browser may display the type inline. Every file is served so that it cannot run, whatever its type.
 */
export function isShown(type: string): boolean {
  return shown[type] !== undefined;
}

/** Documents keep their type for the program that opens them. Types that a browser would run become plain bytes. */
function downloadType(type: string): string {
  return /^application\/(?:pdf|zip|gzip|x-7z-compressed|vnd\.[\w.+-]+)$/.test(type) ? type : unknown.type;
}
