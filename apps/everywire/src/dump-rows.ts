import { Transform, type TransformCallback } from 'node:stream';
import { CommandError } from './backup-store.js';

const NEWLINE = 0x0a;
const END_OF_ROWS = Buffer.from('\\.\n');
/**
 * Rows that no PostgreSQL writes, but that `psql` may take for the end of the rows, so that it would run what follows:
 * it also accepts a carriage return in that line, and reads the rest of a line after a NUL as a line of its own.
 */
const FALSE_END = Buffer.from('\\.');
const NUL = 0;
const COPY = /^COPY public\.([a-z_]+) \([a-z0-9_", ]+\) FROM stdin;$/;
const SET_SEQUENCE = /^SELECT pg_catalog\.setval\('public\.[a-z_]+', \d+, (true|false)\);$/;
/** What `pg_restore` writes besides rows: comments, settings of the session, and the limits of `psql` commands. */
const UNNEEDED: readonly RegExp[] = [
  /^$/,
  /^--/,
  /^SET (?!client_encoding)[a-z_]+ = [^;]*;$/,
  /^SET client_encoding = 'UTF8';$/,
  /^SELECT pg_catalog\.set_config\('search_path', '', false\);$/,
  /^\\(un)?restrict [A-Za-z0-9]+$/,
];

/**
 * Reads the data of a dump as `pg_restore --data-only` writes it, and passes on the rows of the wanted tables and the
 * positions of sequences. Fails at anything else, because a dump may contain any SQL, which would run with all rights of
 * the database's user. Rows cannot contain statements, because `psql` sees their end in the same line as this program.
 */
export class DumpRows extends Transform {
  readonly #tables: ReadonlySet<string>;
  readonly #isWanted: (table: string) => boolean;
  #rest: Buffer = Buffer.alloc(0);
  /** Whether the lines are rows, and whether these are wanted; `null` outside of rows. */
  #rows: 'wanted' | 'unwanted' | null = null;

  /** @param tables all tables that a backup may have */
  constructor(tables: ReadonlySet<string>, isWanted: (table: string) => boolean = () => true) {
    super();
    this.#tables = tables;
    this.#isWanted = isWanted;
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    try {
      const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
      let at = 0;
      for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, at)) {
        this.#line(bytes.subarray(at, end + 1));
        at = end + 1;
      }
      this.#rest = bytes.subarray(at);
      done();
    } catch (error) {
      done(error as Error);
    }
  }

  override _flush(done: TransformCallback): void {
    const isWhole = this.#rest.length === 0 && this.#rows === null;
    done(isWhole ? null : new CommandError('The backup ends in the middle.'));
  }

  #line(line: Buffer): void {
    if (this.#rows === null) {
      this.#statement(line);
      return;
    }
    const isEnd = line.equals(END_OF_ROWS);
    if (!isEnd && (line.subarray(0, FALSE_END.length).equals(FALSE_END) || line.includes(NUL)))
      throw foreign(line.toString('latin1').trimEnd());
    if (this.#rows === 'wanted') this.push(line);
    if (isEnd) this.#rows = null;
  }

  #statement(line: Buffer): void {
    const text = line.toString('latin1').trimEnd();
    const [, table] = COPY.exec(text) ?? [];
    if (table !== undefined && this.#tables.has(table)) {
      this.#rows = this.#isWanted(table) ? 'wanted' : 'unwanted';
      if (this.#rows === 'wanted') this.push(line);
    } else if (SET_SEQUENCE.test(text)) this.push(line);
    else if (!UNNEEDED.some((pattern) => pattern.test(text))) throw foreign(text);
  }
}

function foreign(text: string): CommandError {
  const shown = text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;
  return new CommandError(
    `store_foreign: The backup has something that no version of Everywire makes, so nothing was restored: ${shown}`,
  );
}

const SHOWN_MAX = 100;
