import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';

/** Small, because most reads take a few bytes far apart. */
const WINDOW_BYTES = 8 * 1024;
const BLANK_BYTES = 64 * 1024;

/** Bytes of a file to be replaced by `fill`. */
interface Blank {
  readonly at: number;
  readonly length: number;
  readonly fill: number;
}

/** Bytes of a file to be replaced by others. */
interface Patch {
  readonly at: number;
  readonly bytes: Buffer;
}

/**
 * Reads a file in windows and changes it in place. Every call is synchronous, so it must not run on a thread that
 * serves others.
 *
 * Changes are planned first and written together by `commit`, so that a file that turns out to be unreadable keeps its
 * bytes.
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
   * Returns up to `length` bytes from `at`, at most 8 KiB; fewer at the end of the file. They are valid until the next
   * call.
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
   * Plans to overwrite bytes with `fill`. Returns false if there are more changes, or more blank bytes, than a
   * legitimate file needs.
   */
  blank(at: number, length: number, fill = 0): boolean {
    this.#blanked += length;
    if (this.#blanked > this.size || at + length > this.size) return false;
    if (length === 0) return true;
    return this.#plan({ at, length, fill });
  }

  /** Plans to replace bytes. Returns false if there are too many changes. */
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

  /** Returns once the bytes would survive a power failure. */
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
