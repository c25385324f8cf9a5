import type { LogEntry } from './reports.js';

/** The maximum number of entries of one report; further ones are only counted. */
const ENTRIES_MAX = 60;

/** Collects the log entries of a lane for the next report. */
export class LaneLog {
  readonly #startedAt: number = performance.now();
  #no = 0;
  #entries: LogEntry[] = [];
  #leftOut = 0;

  add(connection: number, way: LogEntry['way'], title: string, detail = ''): void {
    this.#no += 1;
    if (this.#entries.length >= ENTRIES_MAX) {
      this.#leftOut += 1;
      return;
    }
    const at = Math.round(performance.now() - this.#startedAt);
    this.#entries.push({ no: this.#no, at, connection, way, title, detail });
  }

  /** Returns the entries since the last call, and the number of entries that were omitted. */
  take(): { readonly log: readonly LogEntry[]; readonly leftOut: number } {
    const taken = { log: this.#entries, leftOut: this.#leftOut };
    this.#entries = [];
    this.#leftOut = 0;
    return taken;
  }
}

const DETAIL_CHARACTERS = 400;

/** Returns the start of a payload as text, or as hexadecimal bytes if it is not text. */
export function previewOf(payload: Uint8Array): string {
  const bytes = payload.subarray(0, DETAIL_CHARACTERS);
  const text = Buffer.from(bytes).toString('utf8');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: text must not contain control characters
  const isText = !/[\u0000-\u0008\u000e-\u001f]/.test(text) && (text.match(/\ufffd/g)?.length ?? 0) <= 1;
  return isText ? text : Buffer.from(bytes).toString('hex').replaceAll(/(..)/g, '$1 ').trim();
}
