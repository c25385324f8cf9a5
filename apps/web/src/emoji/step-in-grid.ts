/**
 * Returns where an arrow key leads in a grid: the index of a cell, -1 for above the first row, or `null` for no move. `at` is the index of
 * the focused cell, or -1 for above the grid; `rows` is the number of cells in each row.
 */
export function stepInGrid(at: number, key: string, rows: readonly number[]): number | null {
  const cells = rows.reduce((sum, row) => sum + row, 0);
  if (cells === 0) return null;
  switch (key) {
    case 'ArrowRight':
      return at + 1 < cells ? at + 1 : null;
    case 'ArrowLeft':
      return at > 0 ? at - 1 : null;
    case 'ArrowDown':
      return at < 0 ? 0 : below(at, rows);
    case 'ArrowUp':
      return above(at, rows);
    case 'Home':
      return 0;
    case 'End':
      return cells - 1;
    default:
      return null;
  }
}

function below(at: number, rows: readonly number[]): number | null {
  const { row, column, start } = placeOf(at, rows);
  const next = rows[row + 1];
  return next === undefined ? null : start + (rows[row] ?? 0) + Math.min(column, next - 1);
}

function above(at: number, rows: readonly number[]): number {
  const { row, column, start } = placeOf(at, rows);
  const before = rows[row - 1];
  return before === undefined ? -1 : start - before + Math.min(column, before - 1);
}

function placeOf(
  at: number,
  rows: readonly number[],
): { readonly row: number; readonly column: number; readonly start: number } {
  let start = 0;
  let row = 0;
  while (row < rows.length - 1 && at >= start + (rows[row] ?? 0)) {
    start += rows[row] ?? 0;
    row += 1;
  }
  return { row, column: at - start, start };
}
