import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';

/** Small, because most reads are of a few bytes far from each other. */
const windowBytes = 8 * 1024;
const blankBytes = 64 * 1024;

/** Bytes of a file that become `fill`. */
interface Blank {
  readonly at: number;
  readonly length: number;
  readonly fill: number;
}

/** Bytes of a file that become others. */
interface Patch {
  readonly at: number;
  readonly bytes: Buffer;
}

/**
 * A file that is read in windows and changed in place. Every call is synchronous: it belongs to a thread that serves no one else.
 *
 * Changes are planned first and written together by `commit`, so a file that turns out to be unreadable keeps its bytes.
 */
export class WindowedFile {
  readonly size: number;
  readonly #descriptor: number;
  readonly #changesMax: number;
  readonly #window = Buffer.alloc(windowBytes);
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

  /** Returns up to `length` bytes from `at`, at most 8 KiB; fewer at the end of the file. They are valid until the next call. */
  peek(at: number, length: number): Buffer {
    if (at < this.#from || at + length > this.#to) {
      this.#from = at;
      this.#to = at + readSync(this.#descriptor, this.#window, 0, windowBytes, at);
    }
    return this.#window.subarray(at - this.#from, Math.min(at + length, this.#to) - this.#from);
  }

  /** Reads into `bytes` from `at` on, past the window; returns how many bytes there were. */
  read(bytes: Buffer, at: number): number {
    return readSync(this.#descriptor, bytes, 0, bytes.length, at);
  }

  /** Plans that bytes become `fill`. Returns false where there are more changes, or more blank bytes, than the file can honestly need. */
  blank(at: number, length: number, fill = 0): boolean {
    this.#blanked += length;
    if (this.#blanked > this.size || at + length > this.size) return false;
    if (length === 0) return true;
    return this.#plan({ at, length, fill });
  }

  /** Plans that bytes are replaced. Returns false where there are too many changes. */
  patch(at: number, bytes: Buffer): boolean {
    return this.#plan({ at, bytes });
  }

  /** Writes what was planned. */
  commit(): void {
    for (const change of this.#changes) {
      if ('bytes' in change) writeSync(this.#descriptor, change.bytes, 0, change.bytes.length, change.at);
      else this.#fill(change);
    }
    this.#changes.length = 0;
    this.#to = 0;
    this.#from = 0;
  }

  /** Returns once the bytes would survive a power cut. */
  sync(): void {
    fsyncSync(this.#descriptor);
  }

  #plan(change: Blank | Patch): boolean {
    return this.#changes.push(change) <= this.#changesMax;
  }

  #fill({ at, length, fill }: Blank): void {
    const bytes = Buffer.alloc(Math.min(length, blankBytes), fill);
    for (let done = 0; done < length; done += blankBytes)
      writeSync(this.#descriptor, bytes, 0, Math.min(blankBytes, length - done), at + done);
  }
}
