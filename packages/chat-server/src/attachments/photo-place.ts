import { type FileHandle, open } from 'node:fs/promises';
import { mendPngChecksums } from './png-checksums.js';

const windowBytes = 1 << 20;
/** Longer than what is looked for, so that nothing is missed where one window ends. */
const overlapBytes = 1 << 10;
const entryBytes = 12;
/** More entries than a directory of EXIF has are none. */
const entriesMax = 512;
const placePointer = 0x8825;
/** Its tags, from its version to the error of its place. */
const placeTagMax = 31;
/** Bytes of a value by its type, from 1 on. */
const valueBytes = [1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];
const longestValue = 1 << 12;

/** How a TIFF begins, which is how EXIF begins wherever it lies; the first letter tells the order of bytes. */
const heads = [Buffer.from('II*\0', 'latin1'), Buffer.from('MM\0*', 'latin1')];
/** Coordinates in XMP, as an attribute or an element. */
const inText = /:gps\w{1,40}(?:="|>)([^"<]{1,200})/gi;

interface Entry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  readonly value: number;
}

interface Directory {
  readonly at: number;
  readonly entries: readonly Entry[];
}

/**
 * Takes the coordinates from a picture that is not written anew, because it is too large or of a kind that is not read here: whatever EXIF and
 * XMP tell of them becomes blank where it stands. Nothing moves, so this needs to know no format, but for the checksums of a PNG.
 */
export async function forgetPhotoPlace(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    const { size } = await handle.stat();
    const bytes = Buffer.alloc(windowBytes);
    for (let at = 0; at < size; at += windowBytes - overlapBytes) {
      const { bytesRead } = await handle.read(bytes, 0, windowBytes, at);
      const window = bytes.subarray(0, bytesRead);
      for (const found of headsIn(window)) await forgetIn(new Exif(handle, at + found, size));
      for (const { index, 0: whole, 1: value = '' } of window.toString('latin1').matchAll(inText))
        await handle.write(' '.repeat(value.length), at + index + whole.length - value.length, 'latin1');
    }
    await mendPngChecksums(handle, size);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function headsIn(window: Buffer): readonly number[] {
  const found: number[] = [];
  for (const head of heads)
    for (let at = window.indexOf(head); at >= 0; at = window.indexOf(head, at + 1)) found.push(at);
  return found;
}

/** The directory of the place is pointed to by the first; or is the first, as some cameras have it. */
async function forgetIn(exif: Exif): Promise<void> {
  const first = await exif.first();
  const pointer = first?.entries.find(({ tag }) => tag === placePointer);
  const place = pointer === undefined ? first : await exif.directory(pointer.value);
  if (place === null || place.entries.some(({ tag }) => tag > placeTagMax)) return;
  for (const { type, count, value } of place.entries) {
    const length = count * (valueBytes[type - 1] ?? 0);
    if (length > 4 && length <= longestValue) await exif.blank(value, length);
  }
  await exif.blank(place.at, 2 + place.entries.length * entryBytes);
}

/** A TIFF within a file. Places are told from its head on. */
class Exif {
  readonly #handle: FileHandle;
  readonly #at: number;
  readonly #end: number;
  #littleEndian = true;

  constructor(handle: FileHandle, at: number, end: number) {
    this.#handle = handle;
    this.#at = at;
    this.#end = end;
  }

  async first(): Promise<Directory | null> {
    const head = await this.#read(0, 8);
    if (head === null) return null;
    this.#littleEndian = head.toString('latin1', 0, 2) === 'II';
    return this.directory(this.#number(head, 4));
  }

  /** `null` where what stands there is none. */
  async directory(at: number): Promise<Directory | null> {
    const head = await this.#read(at, 2);
    const count = head === null ? 0 : this.#short(head, 0);
    if (count === 0 || count > entriesMax) return null;
    const bytes = await this.#read(at + 2, count * entryBytes);
    if (bytes === null) return null;
    const entries = Array.from({ length: count }, (_, index) => this.#entry(bytes, index * entryBytes));
    return entries.every(({ type }) => type >= 1 && type <= 13) ? { at, entries } : null;
  }

  async blank(at: number, length: number): Promise<void> {
    const fits = Math.min(length, this.#end - this.#at - at);
    if (fits > 0) await this.#handle.write(Buffer.alloc(fits), 0, fits, this.#at + at);
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

  async #read(at: number, length: number): Promise<Buffer | null> {
    if (this.#at + at + length > this.#end) return null;
    const { bytesRead, buffer } = await this.#handle.read(Buffer.alloc(length), 0, length, this.#at + at);
    return bytesRead === length ? buffer : null;
  }
}
