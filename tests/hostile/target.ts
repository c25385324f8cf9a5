import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Command, ProgramOptions, Report } from './server-program.js';

const root = join(import.meta.dirname, '../..');
let program: Promise<string> | undefined;

/** The program as one file of JavaScript, made once a test file. */
function built(): Promise<string> {
  program ??= bundle();
  return program;
}

async function bundle(): Promise<string> {
  const outfile = join(root, '.cache', `hostile-server-${process.pid}.mjs`);
  mkdirSync(join(root, '.cache'), { recursive: true });
  await build({
    ...{ entryPoints: [join(root, 'tests/hostile/server-program.ts')], outfile, bundle: true },
    ...{ platform: 'node', format: 'esm', target: 'node20', conditions: ['source'], logLevel: 'warning' },
  });
  return outfile;
}

/** A server in a process of its own. */
export class Target {
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  static async start(options: ProgramOptions = {}): Promise<Target> {
    const child = fork(await built(), [JSON.stringify(options)], { execArgv: ['--expose-gc'] });
    const [{ port }] = (await once(child, 'message')) as [{ port: number }];
    return new Target(child, port);
  }

  get base(): string {
    return `http://127.0.0.1:${this.port}/everywire`;
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** What it holds now, and what it did since the last report. */
  async report(): Promise<Report> {
    const told = once(this.#child, 'message');
    this.command({ kind: 'report' });
    const [report] = (await told) as [Report];
    return report;
  }

  /** Asks until it holds. */
  async until(holds: (report: Report) => boolean): Promise<void> {
    const until = performance.now() + 15_000;
    for (;;) {
      const report = await this.report();
      if (holds(report)) return;
      if (performance.now() > until) throw new Error(`Waited for ${holds}, had ${JSON.stringify(report)}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  command(command: Command): void {
    this.#child.send(command);
  }

  async end(): Promise<void> {
    if (!this.running) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }
}
