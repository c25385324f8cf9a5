import type { AttachmentLimits } from './attachment-limits.js';
import { WindowedFile } from './windowed-file.js';

/** An element of EBML (RFC 8794): its length with its head, and how long that head is. `size` is `null` where it lasts until another one begins. */
interface Element {
  readonly id: number;
  readonly head: number;
  readonly size: number | null;
}

const ids = { header: 0x1a45dfa3, segment: 0x18538067, cluster: 0x1f43b675, tags: 0x1254c367 } as const;
const headBytesMax = 12;
/** Its head, and its content. */
const changesPerTags = 2;
/** An identifier of one byte, then a length of one byte, or one of eight. */
const voidId = 0xec;
const longHead = 9;

/**
 * Takes the tags from a WebM or Matroska file: where it was made, by what, by whom, as its recorder or editor wrote it. They become `Void`, which players
 * pass over, in place: nothing moves.
 *
 * Returns false, and leaves the file as it is, where it cannot be read as such a file, has more elements of tags than `movieTagsMax`, or more elements than
 * `movieElementsMax`.
 */
export function forgetTags(
  path: string,
  { movieTagsMax, movieElementsMax }: Pick<AttachmentLimits, 'movieTagsMax' | 'movieElementsMax'>,
): boolean {
  return WindowedFile.use(path, movieTagsMax * changesPerTags, (file) => {
    if (!forgetIn(file, movieElementsMax)) return false;
    file.commit();
    file.sync();
    return true;
  });
}

/** Ends at what is no element, as in a recording that was cut. */
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

/** Bytes to the next element that is looked at, after planning that tags become blank; `null` where either cannot be. */
function stepOver(file: WindowedFile, at: number, element: Element): number | null {
  const { id, head, size } = element;
  if (id === ids.tags && (size === null || !blank(file, at, size))) return null;
  return isOpened(element) ? head : size;
}

/** What lies in a segment, or in a cluster of unknown length, is looked at like what lies beside it. */
function isOpened({ id, size }: Element): boolean {
  return id === ids.segment || (id === ids.cluster && size === null);
}

function elementAt(file: WindowedFile, at: number): Element | null {
  const bytes = file.peek(at, headBytesMax);
  const idBytes = lengthOfNumber(bytes[0] ?? 0);
  const sizeBytes = lengthOfNumber(bytes[idBytes] ?? 0);
  const head = idBytes + sizeBytes;
  if (idBytes > 4 || sizeBytes > 8 || head > bytes.length) return null;
  const told = bytes.subarray(idBytes, head);
  // The first bit that is set only says how many bytes there are; all others set say that the length is not known.
  const marked = BigInt(`0x${told.toString('hex')}`);
  const value = marked - (1n << BigInt(7 * sizeBytes));
  const unknown = value === (1n << BigInt(7 * sizeBytes)) - 1n;
  return { id: bytes.readUIntBE(0, idBytes), head, size: unknown ? null : head + Number(value) };
}

/** How many bytes a number has, by its first; 9 where it is none. */
function lengthOfNumber(first: number): number {
  return Math.clz32(first) - 23;
}

/** Plans that an element becomes `Void`, of the same length. Returns false where it reaches past the end of the file, or there are too many. */
function blank(file: WindowedFile, at: number, size: number): boolean {
  const head = Buffer.from([voidId, 0x80 + size - 2]);
  const long = Buffer.alloc(longHead);
  if (size > longHead) {
    long[0] = voidId;
    long.writeBigUInt64BE((1n << 56n) + BigInt(size - longHead), 1);
  }
  const written = size > longHead ? long : head;
  return file.blank(at + written.length, size - written.length) && file.patch(at, written);
}
