import type { AttachmentLimits } from './attachment-limits.js';
import { mendPngChecksums } from './png-checksums.js';
import { WindowedFile } from './windowed-file.js';

type PhotoLimits = Pick<AttachmentLimits, 'photoHeadsMax' | 'photoPlacesMax'>;

/** Bytes of the file that are searched at a time. */
const WINDOW_BYTES = 1 << 20;
/** Bytes that two consecutive windows share. Longer than any match, so that every match lies within one window. */
const OVERLAP_BYTES = 1 << 10;
/** Bytes of one entry of an EXIF directory. */
const ENTRY_BYTES = 12;
/** Maximum entries of a plausible EXIF directory. This many fit into one window of `WindowedFile`. */
const ENTRIES_MAX = 512;
/** EXIF tag whose value is the offset of the GPS directory. */
const PLACE_POINTER = 0x8825;
/** The highest tag of a GPS directory. The GPS tags are 0 (`GPSVersionID`) to 31 (`GPSHPositioningError`). */
const PLACE_TAG_MAX = 31;
/** Bytes of one value, by the type of the entry. The first element is for type 1. */
const valueBytes = [1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];
/** Maximum bytes of a value to blank; a longer one is not a real GPS value. */
const LONGEST_VALUE = 1 << 12;
/** Maximum changes for one GPS directory: one for each value outside the directory, and one for the directory itself. */
const CHANGES_PER_HEAD = PLACE_TAG_MAX + 2;

/** The first bytes of TIFF data, the container of EXIF metadata. The first letter states the byte order. */
const heads = [Buffer.from('II*\0', 'latin1'), Buffer.from('MM\0*', 'latin1')];
/** Matches coordinates in XMP (metadata stored as XML), as an attribute or an element. */
const inText = /:gps\w{1,40}(?:="|>)([^"<]{1,200})/gi;
const SPACE = 0x20;

/** An entry of an EXIF directory. `value`: the value itself if it has at most 4 bytes, otherwise its offset. */
interface Entry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  readonly value: number;
}

/** A directory of EXIF entries, at the offset `at` from the TIFF header. */
interface Directory {
  readonly at: number;
  readonly entries: readonly Entry[];
}

/**
 * Removes the GPS coordinates from a picture that is not re-encoded, because it is too large or of an unsupported format.
 * Blanks the coordinates in EXIF and XMP metadata in place. No byte of the picture moves, so the function searches the
 * file without parsing its format. Only the checksums of a PNG must be recomputed.
 *
 * Returns false and leaves the file unchanged if the file has more EXIF headers or coordinates than the limits allow;
 * otherwise returns true.
 */
export function stripPhotoLocation(path: string, limits: PhotoLimits): boolean {
  const { photoHeadsMax, photoPlacesMax } = limits;
  return WindowedFile.use(path, photoHeadsMax * CHANGES_PER_HEAD + photoPlacesMax, (file) => {
    if (!planRemoval(file, limits)) return false;
    file.commit();
    mendPngChecksums(file);
    file.sync();
    return true;
  });
}

/** Plans to blank all coordinates. Returns false if there are more than the limits allow. */
function planRemoval(file: WindowedFile, { photoHeadsMax, photoPlacesMax }: PhotoLimits): boolean {
  const bytes = Buffer.alloc(WINDOW_BYTES);
  let [headsSeen, placesSeen] = [0, 0];
  for (let at = 0; at < file.size; at += WINDOW_BYTES - OVERLAP_BYTES) {
    const window = bytes.subarray(0, file.read(bytes, at));
    for (const found of headsIn(window)) {
      headsSeen += 1;
      if (headsSeen > photoHeadsMax || !planDirectoryRemoval(new Exif(file, at + found))) return false;
    }
    for (const { index, 0: whole, 1: value = '' } of window.toString('latin1').matchAll(inText)) {
      placesSeen += 1;
      const from = at + index + whole.length - value.length;
      if (placesSeen > photoPlacesMax || !file.blank(from, value.length, SPACE)) return false;
    }
  }
  return true;
}

/** Yields the offsets of the TIFF headers in a window. A header in the overlap of two windows is found twice. */
function* headsIn(window: Buffer): Generator<number> {
  for (const head of heads) for (let at = window.indexOf(head); at >= 0; at = window.indexOf(head, at + 1)) yield at;
}

/**
 * Plans to blank the GPS directory of EXIF metadata and the values that it points to. Some cameras write the GPS tags into
 * the first directory; others write a pointer to the GPS directory there. No-op if there is no GPS directory. Returns
 * false if there would be too many changes.
 */
function planDirectoryRemoval(exif: Exif): boolean {
  const first = exif.first();
  const pointer = first?.entries.find(({ tag }) => tag === PLACE_POINTER);
  const place = pointer === undefined ? first : exif.directory(pointer.value);
  if (place === null || place.entries.some(({ tag }) => tag > PLACE_TAG_MAX)) return true;
  for (const { type, count, value } of place.entries) {
    const length = count * (valueBytes[type - 1] ?? 0);
    if (length > 4 && length <= LONGEST_VALUE && !exif.blank(value, length)) return false;
  }
  return exif.blank(place.at, 2 + place.entries.length * ENTRY_BYTES);
}

/** Reads TIFF data within a file. All offsets are relative to the TIFF header. */
class Exif {
  readonly #file: WindowedFile;
  readonly #at: number;
  #littleEndian = true;

  constructor(file: WindowedFile, at: number) {
    this.#file = file;
    this.#at = at;
  }

  /** Returns the first directory and detects the byte order; `null` if the data ends before a valid directory. */
  first(): Directory | null {
    const head = this.#peek(0, 8);
    if (head === null) return null;
    this.#littleEndian = head.toString('latin1', 0, 2) === 'II';
    return this.directory(this.#number(head, 4));
  }

  /** Returns the directory at an offset; `null` if the bytes there are not a directory. */
  directory(at: number): Directory | null {
    const head = this.#peek(at, 2);
    const count = head === null ? 0 : this.#short(head, 0);
    if (count === 0 || count > ENTRIES_MAX) return null;
    const bytes = this.#peek(at + 2, count * ENTRY_BYTES);
    if (bytes === null) return null;
    const entries = Array.from({ length: count }, (_, index) => this.#entry(bytes, index * ENTRY_BYTES));
    return entries.every(({ type }) => type >= 1 && type <= 13) ? { at, entries } : null;
  }

  /** Plans to blank bytes, at most up to the end of the file. Returns false if there would be too many changes. */
  blank(at: number, length: number): boolean {
    const fits = Math.min(length, this.#file.size - this.#at - at);
    return fits <= 0 || this.#file.blank(this.#at + at, fits);
  }

  #entry(bytes: Buffer, at: number): Entry {
    const [tag, type] = [this.#short(bytes, at), this.#short(bytes, at + 2)];
    return { tag, type, count: this.#number(bytes, at + 4), value: this.#number(bytes, at + 8) };
  }

  #short(bytes: Buffer, at: number): number {
    return this.#littleEndian ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
  }

  #number(bytes: Buffer, at: number): number {
    return this.#littleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  }

  /** Returns the bytes at an offset; `null` if the file ends before. */
  #peek(at: number, length: number): Buffer | null {
    const bytes = this.#at + at < this.#file.size ? this.#file.peek(this.#at + at, length) : null;
    return bytes?.length === length ? bytes : null;
  }
}
