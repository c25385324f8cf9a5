import type { WriteStream } from 'node:tty';

/** The size of a terminal in character cells. */
export interface Size {
  readonly rows: number;
  readonly columns: number;
}

/** A whole screen: its lines, each at most as wide as the screen, and the cursor. */
export interface Frame {
  readonly lines: readonly string[];
  /** The cursor, counted from 0, where an input method opens its window; `null` for no cursor. */
  readonly cursor: { readonly row: number; readonly column: number } | null;
}

const ENTER = '\x1b[?1049h\x1b[?2004h\x1b[2J';
const LEAVE = '\x1b[?2004l\x1b[?25h\x1b[0m\x1b[?1049l';

/** Paints frames on a terminal's alternate screen, and restores the main screen. */
export class Screen {
  readonly #output: WriteStream;
  readonly #onResize: () => void;
  #painted: readonly string[] = [];
  #open = false;

  constructor(output: WriteStream, onResize: () => void) {
    this.#output = output;
    this.#onResize = () => {
      // The terminal may have moved its contents.
      this.#painted = [];
      if (this.#open) this.#output.write('\x1b[2J');
      onResize();
    };
  }

  get size(): Size {
    const { rows, columns } = this.#output;
    return { rows: rows || 24, columns: columns || 80 };
  }

  start(): void {
    this.#open = true;
    this.#output.write(ENTER);
    this.#output.on('resize', this.#onResize);
  }

  /** Writes the changed lines, as one synchronized update if the terminal supports it. */
  paint({ lines, cursor }: Frame): void {
    if (!this.#open) return;
    let bytes = '\x1b[?2026h\x1b[?25l';
    for (let row = 0; row < this.size.rows; row++) {
      const line = lines[row] ?? '';
      if (this.#painted[row] !== line) bytes += `\x1b[${row + 1};1H\x1b[0m${line}\x1b[0m\x1b[K`;
    }
    if (cursor !== null) bytes += `\x1b[${cursor.row + 1};${cursor.column + 1}H\x1b[?25h`;
    this.#painted = lines;
    this.#output.write(`${bytes}\x1b[?2026l`);
  }

  stop(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#output.off('resize', this.#onResize);
    this.#output.write(LEAVE);
  }
}

const plainLook = process.env['NO_COLOR'] !== undefined && process.env['NO_COLOR'] !== '';
const styled =
  (on: number, off: number) =>
  (text: string): string =>
    `\x1b[${on}m${text}\x1b[${off}m`;

/** Returns the text in bold. */
export const bold: (text: string) => string = styled(1, 22);
/** Returns the text in a fainter color, for less important text. */
export const dim: (text: string) => string = styled(2, 22);
/** Returns the text with foreground and background swapped, for a selection. */
export const inverse: (text: string) => string = styled(7, 27);
/** Returns the text in cyan; in bold if the environment variable `NO_COLOR` is set. */
export const accent: (text: string) => string = plainLook ? bold : styled(36, 39);
/** Returns the text in yellow; in bold if the environment variable `NO_COLOR` is set. */
export const alarm: (text: string) => string = plainLook ? bold : styled(33, 39);
