/**
 * Limit, in UTF-8 bytes, of the JSON of all rows of an answer. When the limit is reached, a store stops reading and
 * returns fewer rows, but at least one. If absent, only the query's limit of rows applies.
 */
export type BytesMax = number;

const onlyAscii = /^[\0-\x7f]*$/;

/** Returns the bytes of a value as JSON in UTF-8. */
export function jsonBytes(value: object): number {
  const text = JSON.stringify(value);
  let bytes = text.length;
  if (onlyAscii.test(text)) return bytes;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    // Adds the bytes beyond one for each unit: none for ASCII, one up to U+07FF, two above. A surrogate pair takes four
    // bytes, so one more for each of its two units. JSON escapes a surrogate without a partner, so none remains.
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
  }
  return bytes;
}

/**
 * Counts the bytes of the rows of one answer until its limit is reached. The first row always fits, so that each answer
 * makes progress.
 */
export class AnswerBytes {
  #left: number;
  #isEmpty = true;

  /**
   * `bytesMax`: limit of the bytes of all rows together, as JSON or in the caller's measure. If absent, every row fits.
   */
  constructor(bytesMax: number = Number.POSITIVE_INFINITY) {
    this.#left = bytesMax;
  }

  /** Raises the limit. */
  extend(bytes: number): void {
    this.#left += bytes;
  }

  /**
   * Counts a row, with the comma after it, and returns true if it fits. The caller must stop at the first row that does
   * not fit.
   */
  fits(row: object): boolean {
    return this.#left === Number.POSITIVE_INFINITY || this.fitsBytes(jsonBytes(row) + 1);
  }

  /** Same as `fits`, for a row of a known size. */
  fitsBytes(bytes: number): boolean {
    const fits = this.#isEmpty || bytes <= this.#left;
    this.#isEmpty = false;
    if (fits) this.#left -= bytes;
    return fits;
  }
}

/** Returns the rows that fit into `bytesMax` bytes of JSON, at least one. Reads at most one row more. */
export function takeFitting<Row extends object>(rows: Iterable<Row>, bytesMax?: number): readonly Row[] {
  const bytes = new AnswerBytes(bytesMax);
  const taken: Row[] = [];
  for (const row of rows) {
    if (!bytes.fits(row)) break;
    taken.push(row);
  }
  return taken;
}
