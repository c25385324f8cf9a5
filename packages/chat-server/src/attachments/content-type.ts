import type { FileKind } from '@everywire/chat';

export interface ContentType {
  readonly kind: FileKind;
  /** A media type that our answers may carry: what the bytes are, never what the sender said. */
  readonly type: string;
}

/** Of what tells where it was made, unless that is taken out: also where it is only offered for saving. */
export type Family = 'picture' | 'movie' | 'matroska' | null;

/** Shown or played in the page itself; everything else is only offered for saving. None of them can hold a script. */
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

/** They keep what they tell of themselves in boxes, whatever they hold. */
const movies: ReadonlySet<string> = new Set([
  ...['video/mp4', 'video/quicktime', 'video/x-m4v', 'video/3gpp', 'video/3gpp2'],
  ...['audio/mp4', 'audio/x-m4a'],
]);

/** They keep it in tags, whatever they hold. */
const matroska: ReadonlySet<string> = new Set(['video/webm', 'audio/webm', 'video/matroska', 'audio/matroska']);

const unknown: ContentType = { kind: 'file', type: 'application/octet-stream' };

/**
 * What a file's first bytes say that it is. `hint` is what the sender called it: it only tells sound from picture where a container
 * holds either, as a voice message in WebM.
 */
export async function contentTypeOf(path: string, hint: string): Promise<ContentType & { readonly family: Family }> {
  const { fileTypeFromFile } = await import('file-type');
  const type = (await fileTypeFromFile(path))?.mime.split(';', 1)[0];
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

/** Whether a browser may show it in place: whatever it is, it is served so that it can do nothing. */
export function isShown(type: string): boolean {
  return shown[type] !== undefined;
}

/** Documents keep their type for the program that opens them; what a browser would run is only bytes. */
function downloadType(type: string): string {
  return /^application\/(?:pdf|zip|gzip|x-7z-compressed|vnd\.[\w.+-]+)$/.test(type) ? type : unknown.type;
}
