/**
 * UTF-8 bytes of the JSON of all rows of an answer. A store stops reading once they are spent and gives fewer rows, at least one; absent, it
 * reads as many as the question's limit says.
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
    // A surrogate pair has four bytes, two for each unit; JSON escapes a surrogate that has no partner.
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
  }
  return bytes;
}

/** Counts the rows of one answer until its bytes are spent. The first row always fits, so that an answer gets further. */
export class AnswerBytes {
  #left: number;
  #isEmpty = true;

  /** `bytesMax`: bytes of all rows together, as JSON or as the caller measures them; absent, every row fits. */
  constructor(bytesMax: number = Number.POSITIVE_INFINITY) {
    this.#left = bytesMax;
  }

  /** Allows more bytes. */
  extend(bytes: number): void {
    this.#left += bytes;
  }

  /** Counts the row, with the comma after it, if it fits. The caller must stop at the first row that does not. */
  fits(row: object): boolean {
    return this.#left === Number.POSITIVE_INFINITY || this.fitsBytes(jsonBytes(row) + 1);
  }

  /** The same for a row of so many bytes. */
  fitsBytes(bytes: number): boolean {
    const fits = this.#isEmpty || bytes <= this.#left;
    this.#isEmpty = false;
    if (fits) this.#left -= bytes;
    return fits;
  }
}

/** Returns the rows that fit into `bytesMax` bytes of JSON, at least one, and asks `rows` for one more at most. */
export function takeFitting<Row extends object>(rows: Iterable<Row>, bytesMax?: number): readonly Row[] {
  const bytes = new AnswerBytes(bytesMax);
  const taken: Row[] = [];
  for (const row of rows) {
    if (!bytes.fits(row)) break;
    taken.push(row);
  }
  return taken;
}
