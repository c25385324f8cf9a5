import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';

/** Bytes read from the file at a time. Small, because most calls of `peek` take a few bytes that lie far apart. */
const WINDOW_BYTES = 8 * 1024;
/** Bytes that are overwritten at a time. */
const BLANK_BYTES = 64 * 1024;

/** A planned change: every byte of a range is replaced by the byte `fill`. */
interface Blank {
  readonly at: number;
  readonly length: number;
  readonly fill: number;
}

/** A planned change: the bytes from `at` on are replaced by `bytes`. */
interface Patch {
  readonly at: number;
  readonly bytes: Buffer;
}

/**
 * Reads a file in windows (short sections) and changes the file in place. Every call is synchronous, so the caller must
 * not run on a thread that serves users.
 *
 * Changes are planned first, and `commit` writes all of them. A file that turns out to be unreadable during planning
 * therefore stays unchanged.
 */
export class WindowedFile {
  readonly size: number;
  readonly #descriptor: number;
  readonly #changesMax: number;
  readonly #window = Buffer.alloc(WINDOW_BYTES);
  readonly #changes: (Blank | Patch)[] = [];
  #from = 0;
  #to = 0;
  #blanked = 0;

  private constructor(descriptor: number, changesMax: number) {
    this.#descriptor = descriptor;
    this.#changesMax = changesMax;
    this.size = fstatSync(descriptor).size;
  }

  /** Opens the file at `path` for `work` and closes it afterwards. At most `changesMax` changes can be planned. */
  static use<Result>(path: string, changesMax: number, work: (file: WindowedFile) => Result): Result {
    const descriptor = openSync(path, 'r+');
    try {
      return work(new WindowedFile(descriptor, changesMax));
    } finally {
      closeSync(descriptor);
    }
  }

  /**
   * Returns `length` bytes from `at` on, but at most 8 KiB, and fewer at the end of the file. The caller must not use the
   * returned buffer after the next call, which overwrites it.
   */
  peek(at: number, length: number): Buffer {
    if (at < this.#from || at + length > this.#to) {
      this.#from = at;
      this.#to = at + readSync(this.#descriptor, this.#window, 0, WINDOW_BYTES, at);
    }
    return this.#window.subarray(at - this.#from, Math.min(at + length, this.#to) - this.#from);
  }

  /** Reads into `bytes` from `at` on, bypassing the window; returns the number of bytes read. */
  read(bytes: Buffer, at: number): number {
    return readSync(this.#descriptor, bytes, 0, bytes.length, at);
  }

  /**
   * Plans to overwrite bytes with `fill`. Returns false if there are more than `changesMax` changes, if the range extends
   * past the end of the file, or if more bytes were blanked in total than the file has, which no valid file needs.
   */
  blank(at: number, length: number, fill = 0): boolean {
    this.#blanked += length;
    if (this.#blanked > this.size || at + length > this.size) return false;
    if (length === 0) return true;
    return this.#plan({ at, length, fill });
  }

  /** Plans to replace the bytes from `at` on by `bytes`. Returns false if there are more than `changesMax` changes. */
  patch(at: number, bytes: Buffer): boolean {
    return this.#plan({ at, bytes });
  }

  /** Writes the planned changes. */
  commit(): void {
    for (const change of this.#changes) {
      if ('bytes' in change) writeSync(this.#descriptor, change.bytes, 0, change.bytes.length, change.at);
      else this.#fill(change);
    }
    this.#changes.length = 0;
    this.#to = 0;
    this.#from = 0;
  }

  /** Flushes the file to the disk, so that its bytes survive a power failure. */
  sync(): void {
    fsyncSync(this.#descriptor);
  }

  #plan(change: Blank | Patch): boolean {
    return this.#changes.push(change) <= this.#changesMax;
  }

  #fill({ at, length, fill }: Blank): void {
    const bytes = Buffer.alloc(Math.min(length, BLANK_BYTES), fill);
    for (let done = 0; done < length; done += BLANK_BYTES)
      writeSync(this.#descriptor, bytes, 0, Math.min(BLANK_BYTES, length - done), at + done);
  }
}
