import { closeSync, openSync, readSync, writeSync } from 'node:fs';

/** The page size: the default of SQLite. */
const PAGE_BYTES = 4_096;

/** Offset of the number of cells in the header of a b-tree page (not of page 1). */
const CELL_COUNT_OFFSET = 3;

/** The statement that lists the leaf pages of a table or an index, by its name, in key order. */
export const LEAF_PAGES_SQL = "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY path";

/** Overwrites pages (numbered from 1) of a database file that no process has open with zeros, as a failing disk may. */
export function zeroPages(file: string, pages: readonly number[]): void {
  rewritePages(file, pages, (page) => page.fill(0));
}

/** Removes the last `count` cells from each of the leaf pages, so that rows are missing but every page stays readable. */
export function dropCells(file: string, pages: readonly number[], count: number): void {
  rewritePages(file, pages, (page) => {
    const cells = page.readUInt16BE(CELL_COUNT_OFFSET);
    if (cells <= count) throw new Error(`a page has only ${cells} cells`);
    page.writeUInt16BE(cells - count, CELL_COUNT_OFFSET);
  });
}

/** Replaces the first `text` in the file with `other`, which must have the same length. */
export function alterBytes(file: string, text: string, other: string): void {
  const [from, to] = [Buffer.from(text), Buffer.from(other)];
  if (from.length !== to.length) throw new Error('the texts differ in length');
  let found = 0;
  rewritePages(file, null, (page) => {
    const at = page.indexOf(from);
    if (at === -1 || found > 0) return;
    to.copy(page, at);
    found += 1;
  });
  if (found === 0) throw new Error(`${text} is not in ${file}`);
}

/** Rewrites the given pages, or all pages for `null`. */
function rewritePages(file: string, pages: readonly number[] | null, rewrite: (page: Buffer) => void): void {
  const descriptor = openSync(file, 'r+');
  try {
    const page = Buffer.alloc(PAGE_BYTES);
    const isWanted = pages === null ? () => true : (number: number) => pages.includes(number);
    for (let number = 1; readSync(descriptor, page, 0, PAGE_BYTES, (number - 1) * PAGE_BYTES) > 0; number += 1) {
      if (!isWanted(number)) continue;
      rewrite(page);
      writeSync(descriptor, page, 0, PAGE_BYTES, (number - 1) * PAGE_BYTES);
    }
  } finally {
    closeSync(descriptor);
  }
}
