import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { wireVersion } from '@everywire/protocol/internal';
import { built } from './server-process.js';
import type { ProbeReport } from './start-probe.js';

const root = join(import.meta.dirname, '../..');
/** The resources of a small machine: half a gigabyte of heap, and the open files that most systems allow a process. */
const HEAP_MB = 512;
const OPEN_FILES = 1_024;

/** `quiet` looks every 20 ms, and needs 25 looks without growth of memory by more than 1 MB. */
const QUIET_LOOKS = 25;
const QUIET_LOOK_MS = 20;
const QUIET_BYTES = 1 << 20;

/** The state of the server process. */
export interface StartState extends ProbeReport {
  /** The number of open files and connections. */
  readonly files: number;
}

/** The real process of `npm start`, with a new data directory and the resources of a small machine. */
export class StartTarget {
  readonly port: number;
  /** The port for raw TCP; 0 if the settings have none, or do not log it (`EVERYWIRE_LOG=info`). */
  readonly tcpPort: number;
  readonly #child: ChildProcess;
  readonly #directory: string;

  private constructor(child: ChildProcess, directory: string, { port, tcpPort }: Ports) {
    this.#child = child;
    this.#directory = directory;
    this.port = port;
    this.tcpPort = tcpPort;
  }

  /** Builds and starts the server. `settings` are further environment variables. */
  static async start(settings: Readonly<Record<string, string>> = {}): Promise<StartTarget> {
    const build = "const { build, isBuilt } = await import('./scripts/build.mjs'); if (!isBuilt()) await build();";
    execFileSync(process.execPath, ['--input-type=module', '--eval', build], { cwd: root });
    const directory = mkdtempSync(join(tmpdir(), 'everywire-hostile-start-'));
    const child = spawn('sh', ['-c', `ulimit -n ${OPEN_FILES}; exec npm start --silent`], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A separate process group, so that npm, its shell and the server end together.
      detached: true,
      env: {
        PATH: process.env['PATH'],
        HOME: directory,
        HOST: '127.0.0.1',
        PORT: '0',
        EVERYWIRE_TCP_PORT: 'off',
        NODE_OPTIONS: `--max-old-space-size=${HEAP_MB} --import ${await built('start-probe')}`,
        TEST_PROBE: join(directory, 'probe'),
        EVERYWIRE_DATA: join(directory, 'data'),
        EVERYWIRE_LOG: 'warn',
        // A second address sends the same number of requests, so the limit per address is not sufficient.
        EVERYWIRE_REST_PER_MINUTE: '100000',
        EVERYWIRE_REGISTRATION: 'open',
        EVERYWIRE_PASSWORD_MEMORY_KIB: '7168',
        EVERYWIRE_PASSWORD_PASSES: '1',
        ...settings,
      },
    });
    return new StartTarget(child, directory, await readyPorts(child));
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The path of a script of the page, which every visitor loads. */
  get scriptPath(): string {
    const page = readFileSync(join(root, 'apps/everywire/dist/page/index.html'), 'utf8');
    return /\/assets\/index-[\w-]+\.js/.exec(page)?.[0] ?? '';
  }

  /** Registers a new person. */
  async register(): Promise<{ readonly token: string }> {
    strangers += 1;
    const person = { name: `stranger-${strangers}`, password: 'correct horse' };
    const { token } = await this.#post('/api/register', person);
    if (typeof token !== 'string') throw new Error('A stranger could not register');
    return { token };
  }

  /** Opens a session of a new person, and returns its id. */
  async openSession(): Promise<string> {
    const account = await this.register();
    const nonce = `nonce of stranger ${strangers}`;
    const { id } = await this.#post('/everywire/open', { t: 'open', version: wireVersion, nonce, ...account });
    if (typeof id !== 'string') throw new Error('The session of a stranger was refused');
    return id;
  }

  async #post(path: string, fields: object): Promise<Readonly<Record<string, unknown>>> {
    const { token, ...rest } = fields as { readonly token?: string };
    const headers = {
      'content-type': 'application/json',
      connection: 'close',
      ...(token && { authorization: `Bearer ${token}` }),
    };
    const answer = await fetch(this.url + path, { method: 'POST', headers, body: JSON.stringify(rest) });
    return (await answer.json()) as Readonly<Record<string, unknown>>;
  }

  /** Returns the current state. */
  async state(): Promise<StartState> {
    const socket = connect(join(this.#directory, 'probe'));
    const report = JSON.parse(await text(socket)) as ProbeReport;
    return { ...report, files: readdirSync(`/proc/${report.pid}/fd`).length };
  }

  /** Begins to record the peak of resident memory, and returns the current value. */
  watchMemory(pid: number): number {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
    return residentBytes(pid, 'VmRSS');
  }

  /** Waits until the effects of the attack have settled: neither memory nor open files grow any more. */
  async quiet(): Promise<void> {
    const { pid } = await this.state();
    let [bytes, files, same] = [0, 0, 0];
    while (same < QUIET_LOOKS) {
      const now = [residentBytes(pid, 'VmHWM'), readdirSync(`/proc/${pid}/fd`).length] as const;
      same = now[0] <= bytes + QUIET_BYTES && now[1] <= files ? same + 1 : 0;
      if (same === 0) [bytes, files] = now;
      await new Promise((resolve) => setTimeout(resolve, QUIET_LOOK_MS));
    }
  }

  async end(): Promise<void> {
    const { pid, exitCode } = this.#child;
    if (exitCode === null && pid !== undefined) {
      const ended = once(this.#child, 'close');
      process.kill(-pid, 'SIGKILL');
      await ended;
    }
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

let strangers = 0;

/** Returns the resident memory of a process in bytes: the current value (`VmRSS`) or the peak (`VmHWM`). */
export function residentBytes(pid: number, line: 'VmRSS' | 'VmHWM'): number {
  const [, kilobytes = '0'] =
    new RegExp(`${line}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1_024;
}

interface Ports {
  readonly port: number;
  readonly tcpPort: number;
}

/** Waits until the server reports that it is ready, and returns its ports. */
function readyPorts(child: ChildProcess): Promise<Ports> {
  let output = '';
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        const port = /Everywire is ready at https?:\/\/[^\s:]+:(\d+)/.exec(output)?.[1];
        const tcpPort = /Listening for raw TCP on port (\d+)/.exec(output)?.[1] ?? 0;
        if (port !== undefined) resolve({ port: Number(port), tcpPort: Number(tcpPort) });
      });
    child.once('exit', () => reject(new Error(`npm start ended:\n${output}`)));
  });
}
