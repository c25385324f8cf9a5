import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import xterm from '@xterm/headless';

const command = fileURLToPath(new URL('../../apps/everywire/dist/command.js', import.meta.url));
/** Far above what anything here takes on a busy machine. */
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
 * `everywire chat` in a real pseudo-terminal, made by `script` of util-linux, with a terminal emulator at its other end: what the
 * tests look at is what a person would see.
 */
export class Pty {
  readonly #child: ChildProcess;
  readonly #terminal: InstanceType<typeof xterm.Terminal>;
  readonly ended: Promise<number | null>;
  /** Every byte that the program wrote. */
  output = '';
  #device = '';

  constructor(args: readonly string[], env: Readonly<Record<string, string>>, size = { rows: 24, columns: 80 }) {
    this.#terminal = new xterm.Terminal({ rows: size.rows, cols: size.columns, allowProposedApi: true });
    const words = [process.execPath, command, 'chat', ...args].map((word) => `'${word}'`).join(' ');
    // The name of the device, so that a test can change its size as a window manager does.
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

  type(...keys: readonly string[]): void {
    for (const key of keys) this.#child.stdin?.write(key);
  }

  /** The window has another size from now on. */
  async resize(rows: number, columns: number): Promise<void> {
    this.#terminal.resize(columns, rows);
    const stty = spawn('stty', ['-F', this.#device, 'rows', String(rows), 'cols', String(columns)]);
    await new Promise((resolve) => stty.once('close', resolve));
  }

  /** What stands on the screen, one line a row. */
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

  /** `alternate` while the program has the screen. */
  get buffer(): string {
    return this.#terminal.buffer.active.type;
  }

  /** Waits until it stands there. @throws Error with the screen as it is */
  async shows(what: string | RegExp): Promise<string> {
    const found = (): boolean => (typeof what === 'string' ? this.screen.includes(what) : what.test(this.screen));
    const until = performance.now() + deadlineMs;
    while (!found()) {
      if (performance.now() > until) throw new Error(`Waited in vain for ${what} on:\n${this.screen}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return this.screen;
  }

  stop(): void {
    this.#child.kill('SIGKILL');
    this.#terminal.dispose();
  }
}
