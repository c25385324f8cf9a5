import type { AttachmentLimits } from './attachment-limits.js';
import { WindowedFile } from './windowed-file.js';

/**
 * An element of EBML (RFC 8794): its length including its header, and the length of the header. `size` is `null` if it
 * extends to the next element.
 */
interface Element {
  readonly id: number;
  readonly head: number;
  readonly size: number | null;
}

const ids = { header: 0x1a45dfa3, segment: 0x18538067, cluster: 0x1f43b675, tags: 0x1254c367 } as const;
const HEAD_BYTES_MAX = 12;
/** Changes for one tags element: its header and its content. */
const CHANGES_PER_TAGS = 2;
/** Followed by a length of one byte, or of eight. */
const VOID_ID = 0xec;
const LONG_HEAD = 9;

/**
 * Removes the tags from a WebM or Matroska file in place: where, with what and by whom it was made. They become `Void`,
 * which players skip.
 *
 * Returns false and leaves the file unchanged if it cannot be parsed, has more tags elements than `movieTagsMax`, or
 * more elements than `movieElementsMax`.
 */
export function stripMatroskaTags(
  path: string,
  { movieTagsMax, movieElementsMax }: Pick<AttachmentLimits, 'movieTagsMax' | 'movieElementsMax'>,
): boolean {
  return WindowedFile.use(path, movieTagsMax * CHANGES_PER_TAGS, (file) => {
    if (!forgetIn(file, movieElementsMax)) return false;
    file.commit();
    file.sync();
    return true;
  });
}

/** Stops at the first malformed element, as in a truncated recording. */
function forgetIn(file: WindowedFile, elementsMax: number): boolean {
  if (elementAt(file, 0)?.id !== ids.header) return false;
  let [segments, elements] = [0, 0];
  for (let at = 0; at < file.size; ) {
    const element = elementAt(file, at);
    if (element === null) break;
    elements += 1;
    if (element.id === ids.segment) segments += 1;
    const step = elements > elementsMax ? null : stepOver(file, at, element);
    if (step === null) return false;
    at += step;
  }
  return segments > 0;
}

/** Plans to blank tags, and returns the bytes to the next element; `null` if either is impossible. */
function stepOver(file: WindowedFile, at: number, element: Element): number | null {
  const { id, head, size } = element;
  if (id === ids.tags && (size === null || !blank(file, at, size))) return null;
  return isOpened(element) ? head : size;
}

/** Returns whether the content of an element is scanned: that of a segment, or of a cluster of unknown length. */
function isOpened({ id, size }: Element): boolean {
  return id === ids.segment || (id === ids.cluster && size === null);
}

function elementAt(file: WindowedFile, at: number): Element | null {
  const bytes = file.peek(at, HEAD_BYTES_MAX);
  const idBytes = lengthOfNumber(bytes[0] ?? 0);
  const sizeBytes = lengthOfNumber(bytes[idBytes] ?? 0);
  const head = idBytes + sizeBytes;
  if (idBytes > 4 || sizeBytes > 8 || head > bytes.length) return null;
  const encodedSize = bytes.subarray(idBytes, head);
  // The first set bit encodes how many bytes the length has; if all others are set, the length is unknown.
  const marked = BigInt(`0x${encodedSize.toString('hex')}`);
  const value = marked - (1n << BigInt(7 * sizeBytes));
  const unknown = value === (1n << BigInt(7 * sizeBytes)) - 1n;
  return { id: bytes.readUIntBE(0, idBytes), head, size: unknown ? null : head + Number(value) };
}

/** Returns how many bytes a number has, by its first byte; 9 if that is invalid. */
function lengthOfNumber(first: number): number {
  return Math.clz32(first) - 23;
}

/**
 * Plans to replace an element by a `Void` of the same length. Returns false if it extends past the end of the file, or
 * if there are too many.
 */
function blank(file: WindowedFile, at: number, size: number): boolean {
  const head = Buffer.from([VOID_ID, 0x80 + size - 2]);
  const long = Buffer.alloc(LONG_HEAD);
  if (size > LONG_HEAD) {
    long[0] = VOID_ID;
    long.writeBigUInt64BE((1n << 56n) + BigInt(size - LONG_HEAD), 1);
  }
  const written = size > LONG_HEAD ? long : head;
  return file.blank(at + written.length, size - written.length) && file.patch(at, written);
}
