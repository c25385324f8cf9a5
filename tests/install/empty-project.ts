import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { copyCheckout } from '../house/checkout-copy.js';

/** Names of packages, without `@everywire/`. */
interface PackageKinds {
  /** Packages that also export CommonJS. */
  readonly both: readonly string[];
  readonly moduleOnly: readonly string[];
}

/** The packages that the project installs. */
export const transportPackages: PackageKinds = {
  both: [
    ...['protocol', 'server', 'client', 'broker-memory', 'broker-broadcast', 'broker-postgres', 'broker-nats'],
    ...['gateway-sockjs', 'gateway-socketio'],
  ],
  moduleOnly: ['conformance'],
};
/** The packages of the chat, which are only packed and checked. */
export const chatPackages: PackageKinds = {
  both: ['chat', 'chat-client', 'store-memory'],
  moduleOnly: ['chat-server', 'store-sqlite', 'files-directory', 'markdown', 'chat-react'],
};

/** Other packages of a user's project, in exact versions, so that a new release cannot change the results. */
const others: Readonly<Record<string, string>> = {
  '@arethetypeswrong/cli': '0.18.5',
  '@types/node': '20.19.43',
  express: '5.3.0',
  fastify: '5.12.8',
  publint: '0.3.25',
  typescript: '7.0.2',
  vite: '8.3.8',
};

/** One row of `npm pack --json`. */
interface Packed {
  readonly name: string;
  readonly filename: string;
}

/** A project outside this repository, with the packages installed as a user installs them. */
export class EmptyProject {
  readonly directory: string;
  readonly #tarballs = new Map<string, string>();
  /**
   * The copy in which packages are packed, because packing rebuilds `dist`, which other suites use at the same time.
   */
  readonly #copy = copyCheckout();

  constructor() {
    this.directory = mkdtempSync(join(tmpdir(), 'everywire-install-'));
    this.write('package.json', '{ "private": true }');
    this.pack(transportPackages);
    const transport = [...this.#tarballs.values()];
    const named = Object.entries(others).map(([name, version]) => `${name}@${version}`);
    run(
      'npm',
      ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline', ...transport, ...named],
      this.directory,
    );
  }

  /** Packs the packages with one `npm pack`. */
  pack({ both, moduleOnly }: PackageKinds): void {
    const workspaces = [...both, ...moduleOnly].flatMap((name) => ['--workspace', `packages/${name}`]);
    const output = run('npm', ['pack', '--json', '--pack-destination', this.directory, ...workspaces], this.#copy.path);
    for (const { name, filename } of JSON.parse(output) as readonly Packed[])
      this.#tarballs.set(name.replace('@everywire/', ''), join(this.directory, filename));
  }

  /** Returns the packed file of a package. */
  tarball(name: string): string {
    const file = this.#tarballs.get(name);
    if (file === undefined) throw new Error(`${name} was not packed`);
    return file;
  }

  /** Writes a file of the project. */
  write(name: string, text: string): void {
    writeFileSync(join(this.directory, name), text);
  }

  /** Runs a program that the project has installed, and returns its output. @throws Error with the output if it fails */
  tool(path: string, args: readonly string[]): string {
    return run(process.execPath, [join('node_modules', path), ...args], this.directory);
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
    this.#copy.delete();
  }
}

/** Runs a command and returns its output. */
function run(command: string, args: readonly string[], cwd: string): string {
  // The directory of this Node comes first, so that npm and the scripts of packages use it.
  const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env['PATH']}`, NO_COLOR: '1' };
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', env, timeout: 240_000 });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? ''}\n${stdout}\n${stderr}`);
  return stdout;
}
