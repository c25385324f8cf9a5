import type { AttachmentLimits } from './attachment-limits.js';
import { WindowedFile } from './windowed-file.js';

/**
 * An element of EBML (RFC 8794), the format of WebM and Matroska files. `head`: length of its header in bytes. `size`: its
 * length including the header, `null` if unknown (the element extends to the next element of its level).
 */
interface Element {
  readonly id: number;
  readonly head: number;
  readonly size: number | null;
}

const ids = { header: 0x1a45dfa3, segment: 0x18538067, cluster: 0x1f43b675, tags: 0x1254c367 } as const;
/** Maximum length of a header: 4 bytes for the id and 8 for the length. */
const HEAD_BYTES_MAX = 12;
/** Number of planned changes for one tags element: one for its header, one for its content. */
const CHANGES_PER_TAGS = 2;
/** Id of a `Void` element, which players skip. A length of one byte or of eight bytes follows the id. */
const VOID_ID = 0xec;
/** Header length of a `Void` element with a length of eight bytes. */
const LONG_HEAD = 9;

/**
 * Removes the tags from a WebM or Matroska file in place. Tags can state the place, the device and the author of the
 * recording. Each tags element becomes a `Void` element, which players skip.
 *
 * Returns false and leaves the file unchanged if the file cannot be parsed, has more tags elements than `movieTagsMax`,
 * or has more elements than `movieElementsMax`; otherwise returns true.
 */
export function stripMatroskaTags(
  path: string,
  { movieTagsMax, movieElementsMax }: Pick<AttachmentLimits, 'movieTagsMax' | 'movieElementsMax'>,
): boolean {
  return WindowedFile.use(path, movieTagsMax * CHANGES_PER_TAGS, (file) => {
    if (!planRemoval(file, movieElementsMax)) return false;
    file.commit();
    file.sync();
    return true;
  });
}

/**
 * Plans to blank all tags. Stops at the first malformed element, because a truncated recording ends with one. Returns
 * false if the file is not EBML, has no segment, or exceeds a limit.
 */
function planRemoval(file: WindowedFile, elementsMax: number): boolean {
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

/**
 * Plans to blank the element if it holds tags. Returns the number of bytes to the next element to scan; `null` if the
 * element cannot be blanked or its length is unknown.
 */
function stepOver(file: WindowedFile, at: number, element: Element): number | null {
  const { id, head, size } = element;
  if (id === ids.tags && (size === null || !blank(file, at, size))) return null;
  return isOpened(element) ? head : size;
}

/** Returns whether the elements within an element are scanned: within a segment, or within a cluster of unknown length. */
function isOpened({ id, size }: Element): boolean {
  return id === ids.segment || (id === ids.cluster && size === null);
}

/** Parses the header of the element at an offset; returns `null` if it is malformed or incomplete. */
function elementAt(file: WindowedFile, at: number): Element | null {
  const bytes = file.peek(at, HEAD_BYTES_MAX);
  const idBytes = lengthOfNumber(bytes[0] ?? 0);
  const sizeBytes = lengthOfNumber(bytes[idBytes] ?? 0);
  const head = idBytes + sizeBytes;
  if (idBytes > 4 || sizeBytes > 8 || head > bytes.length) return null;
  const encodedSize = bytes.subarray(idBytes, head);
  // The position of the first set bit encodes how many bytes the length has. If all later bits are set, the length is
  // unknown.
  const marked = BigInt(`0x${encodedSize.toString('hex')}`);
  const value = marked - (1n << BigInt(7 * sizeBytes));
  const unknown = value === (1n << BigInt(7 * sizeBytes)) - 1n;
  return { id: bytes.readUIntBE(0, idBytes), head, size: unknown ? null : head + Number(value) };
}

/**
 * Returns how many bytes a number has, which its first byte encodes as the number of leading zero bits plus one. Returns 9
 * if the first byte is 0, which is invalid.
 */
function lengthOfNumber(first: number): number {
  return Math.clz32(first) - 23;
}

/**
 * Plans to replace an element by a `Void` element of the same length. Returns false if the element extends past the end
 * of the file, or if there are too many changes.
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
