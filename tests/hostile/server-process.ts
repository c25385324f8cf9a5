import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../..');
/** Third-party packages are not bundled, because some of them are native. Workspace packages are bundled from source. */
const { dependencies } = JSON.parse(readFileSync(join(root, 'packages/chat-server/package.json'), 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>;
};
const external = Object.keys(dependencies).filter((name) => !name.startsWith('@everywire/'));
const programs = new Map<string, Promise<string>>();

/** Builds a program of this folder into one JavaScript file, once per test file. */
export function built(program: string): Promise<string> {
  const known = programs.get(program) ?? bundle(program);
  programs.set(program, known);
  return known;
}

async function bundle(program: string): Promise<string> {
  const outdir = join(root, '.cache', `hostile-${process.pid}`);
  mkdirSync(outdir, { recursive: true });
  const attachments = join(root, 'packages/chat-server/src/attachments');
  await build({
    entryPoints: {
      [`src/hostile/${program}`]: join(root, 'tests/hostile', `${program}.ts`),
      // Where a program built from source looks for the built inspection program.
      'dist/attachments/inspection-program': join(attachments, 'inspection-program.ts'),
    },
    outdir,
    bundle: true,
    external,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    conditions: ['source'],
    logLevel: 'warning',
  });
  return join(outdir, `src/hostile/${program}.js`);
}

/** A server in a separate process, so that its memory and stalls are measured without those of the attacker. */
export class ServerProcess<Report, Command> {
  readonly port: number;
  readonly #child: ChildProcess;

  constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  /** Starts the program. Returns the process and its port. */
  static async fork(program: string, options: object): Promise<[ChildProcess, number]> {
    const child = fork(await built(program), [JSON.stringify(options)], { execArgv: ['--expose-gc'] });
    const [{ port }] = (await once(child, 'message')) as [{ port: number }];
    return [child, port];
  }

  /** Whether the process is still running. An attack must not end it. */
  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Returns its current resources, and its measurements since the last report. */
  async report(): Promise<Report> {
    const answer = once(this.#child, 'message');
    this.#child.send({ kind: 'report' });
    const [report] = (await answer) as [Report];
    return report;
  }

  /** Polls reports until the condition holds. */
  async until(holds: (report: Report) => boolean): Promise<void> {
    const until = performance.now() + 120_000;
    for (;;) {
      const report = await this.report();
      if (holds(report)) return;
      if (performance.now() > until) throw new Error(`Waited for ${holds}, had ${JSON.stringify(report)}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Sends a command to the process. */
  command(command: Command): void {
    this.#child.send(command as object);
  }

  /** Kills the process. */
  async end(): Promise<void> {
    if (!this.running) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }
}
