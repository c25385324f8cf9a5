import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Those whose exports name CommonJS. */
export const bothKinds = [
  'protocol',
  'server',
  'client',
  'broker-memory',
  'chat',
  'chat-client',
  'store-memory',
] as const;
export const moduleOnly = [
  'chat-server',
  'store-sqlite',
  'files-directory',
  'conformance',
  'markdown',
  'chat-react',
] as const;

/** What a user's project has besides, as it is today; exact, so that a release of somebody else changes no result here. */
const others: Readonly<Record<string, string>> = {
  '@arethetypeswrong/cli': '0.18.5',
  '@types/node': '20.19.43',
  express: '5.3.0',
  fastify: '5.12.8',
  publint: '0.3.25',
  typescript: '7.0.2',
  vite: '8.3.8',
};

/** A directory that knows nothing of this repository, with the packages installed as a user gets them. */
export class EmptyProject {
  readonly directory: string;
  readonly #tarballs = new Map<string, string>();

  constructor() {
    this.directory = mkdtempSync(join(tmpdir(), 'everywire-install-'));
    this.write('package.json', '{ "private": true }');
    for (const name of [...bothKinds, ...moduleOnly]) this.#pack(name);
    const transport = ['protocol', 'server', 'client', 'broker-memory', 'conformance'].map((name) =>
      this.tarball(name),
    );
    const named = Object.entries(others).map(([name, version]) => `${name}@${version}`);
    run(
      'npm',
      ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline', ...transport, ...named],
      this.directory,
    );
  }

  tarball(name: string): string {
    const file = this.#tarballs.get(name);
    if (file === undefined) throw new Error(`${name} was not packed`);
    return file;
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.directory, name), text);
  }

  /** Runs a program the project has installed. @returns its output @throws Error with it, where it fails */
  tool(path: string, args: readonly string[]): string {
    return run(process.execPath, [join('node_modules', path), ...args], this.directory);
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  #pack(name: string): void {
    const packed = mkdtempSync(join(this.directory, 'packed-'));
    run('npm', ['pack', '--pack-destination', packed], join(root, 'packages', name));
    const [file] = readdirSync(packed);
    if (file === undefined) throw new Error(`npm pack wrote nothing for ${name}`);
    this.#tarballs.set(name, join(packed, file));
  }
}

function run(command: string, args: readonly string[], cwd: string): string {
  // The directory of this Node goes first, so that npm and the packages' scripts run on it.
  const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env['PATH']}`, NO_COLOR: '1' };
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', env, timeout: 240_000 });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? ''}\n${stdout}\n${stderr}`);
  return stdout;
}
