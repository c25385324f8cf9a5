import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import xterm from '@xterm/headless';

const command = fileURLToPath(new URL('../../apps/everywire/dist/command.js', import.meta.url));
/** How long to wait for a text on the screen, in milliseconds. Very long, because the machine may be busy. */
const deadlineMs = 60_000;

/** Keys as a terminal sends them. */
export const KEY = {
  enter: '\r',
  tab: '\t',
  escape: '\x1b',
  up: '\x1b[A',
  down: '\x1b[B',
  left: '\x1b[D',
  home: '\x1b[H',
  end: '\x1b[F',
  pageUp: '\x1b[5~',
  pageDown: '\x1b[6~',
  backspace: '\x7f',
  ctrlC: '\x03',
  ctrlN: '\x0e',
  ctrlO: '\x0f',
  ctrlR: '\x12',
  ctrlX: '\x18',
} as const;

/**
 * Runs `everywire chat` in a real pseudo-terminal, created by `script` of util-linux, with a terminal emulator at the
 * other end, so that tests read what a person would see.
 */
export class Pty {
  readonly #child: ChildProcess;
  readonly #terminal: InstanceType<typeof xterm.Terminal>;
  readonly ended: Promise<number | null>;
  /** Every byte that the program has written. */
  output = '';
  #device = '';

  constructor(args: readonly string[], env: Readonly<Record<string, string>>, size = { rows: 24, columns: 80 }) {
    this.#terminal = new xterm.Terminal({ rows: size.rows, cols: size.columns, allowProposedApi: true });
    const words = [process.execPath, command, 'chat', ...args].map((word) => `'${word}'`).join(' ');
    // Prints the name of the device, so that a test can change its size.
    const line = `stty rows ${size.rows} cols ${size.columns}; tty; exec ${words}`;
    this.#child = spawn('script', ['-qefc', line, '/dev/null'], {
      env: { PATH: process.env['PATH'], TERM: 'xterm-256color', ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.ended = new Promise((resolve) => this.#child.once('close', (code) => resolve(code)));
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      this.#terminal.write(chunk);
      this.output += chunk.toString('latin1');
      this.#device ||= /\/dev\/pts\/\d+/.exec(this.output)?.[0] ?? '';
    });
  }

  /** Types keys. */
  type(...keys: readonly string[]): void {
    for (const key of keys) this.#child.stdin?.write(key);
  }

  /** Changes the size of the window. */
  async resize(rows: number, columns: number): Promise<void> {
    this.#terminal.resize(columns, rows);
    const stty = spawn('stty', ['-F', this.#device, 'rows', String(rows), 'cols', String(columns)]);
    await new Promise((resolve) => stty.once('close', resolve));
  }

  /** Returns the text on the screen, one line per row. */
  get screen(): string {
    const { active } = this.#terminal.buffer;
    const lines = Array.from({ length: this.#terminal.rows }, (_, row) =>
      (active.getLine(active.viewportY + row)?.translateToString(true) ?? '').trimEnd(),
    );
    return lines.join('\n');
  }

  get cursor(): { readonly row: number; readonly column: number } {
    const { cursorX, cursorY } = this.#terminal.buffer.active;
    return { row: cursorY, column: cursorX };
  }

  /** Returns `alternate` while the program uses the screen. */
  get buffer(): string {
    return this.#terminal.buffer.active.type;
  }

  /** Waits until the text is on the screen. @throws Error with the content of the screen */
  async shows(what: string | RegExp): Promise<string> {
    const found = (): boolean => (typeof what === 'string' ? this.screen.includes(what) : what.test(this.screen));
    const until = performance.now() + deadlineMs;
    while (!found()) {
      if (performance.now() > until) throw new Error(`Timed out waiting for ${what} on:\n${this.screen}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return this.screen;
  }

  stop(): void {
    this.#child.kill('SIGKILL');
    this.#terminal.dispose();
  }
}
