import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

const VERSIONS = '/usr/lib/postgresql';
const READY_WITHIN_MS = 60_000;
const RESTARTS_MAX = 50;
/** A file system in memory, which containers often limit to 64 MiB. */
const MEMORY = '/dev/shm';
/** The free memory from which a server is there. The suite with the most databases takes 4 GiB. */
const MEMORY_FREE_BYTES = 8 * 2 ** 30;

/** The SQL that refuses new messages as `disk_full`, and that ends it. */
const FILL = `
  CREATE FUNCTION refuse_full() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE 'no space left on device' USING ERRCODE = 'disk_full'; END $$;
  CREATE TRIGGER refuse_full BEFORE INSERT ON message EXECUTE FUNCTION refuse_full()`;
const FREE = 'DROP FUNCTION refuse_full CASCADE';

/** A PostgreSQL server (the Debian package) for one test, on a free port and in a directory of its own. */
export interface PostgresServer {
  /** Creates an empty database, or a copy of one without connections; returns its address. */
  createDatabase(template?: string): Promise<string>;
  /** Returns a database as SQL, by `pg_dump`. */
  dump(url: string, options?: readonly string[]): Promise<string>;
  /** Runs a dump in an empty database. */
  read(url: string, dump: string): Promise<void>;
  /**
   * Makes a database refuse each new message as one on a full disk does, or accept messages again. A trigger stands in
   * for the disk.
   */
  fill(url: string, isFull: boolean): Promise<void>;
  /** Runs a statement as superuser. */
  ask<Row extends object>(text: string): Promise<readonly Row[]>;
  /** Kills every process of the server with SIGKILL and restarts it on the same data; resolves when it answers. */
  killAndStart(): Promise<void>;
  /** Shuts the server down in order, awaits `meanwhile`, and restarts it. */
  stopAndStart(meanwhile: () => Promise<void>): Promise<void>;
  /** Returns the address at this server of a database, given by its address at any server. */
  at(url: string): string;
  /**
   * Copies the running server by `pg_basebackup` and starts the copy: as a standby that follows this server, or as a
   * restored base backup is started.
   */
  copy(as: 'standby' | 'backup'): Promise<PostgresServer>;
  stop(): Promise<void>;
}

/** Starts a server; with `tls` (PEM) it also accepts TLS. */
export async function startPostgres(
  settings: Readonly<Record<string, string>> = {},
  tls: { readonly cert: string; readonly key: string } | null = null,
): Promise<PostgresServer> {
  const as = ownerOf();
  const place = createPlace(as);
  const data = join(place, 'data');
  const initialized = spawnSync(
    program('initdb'),
    ['--pgdata', data, '--username', 'postgres', '--auth', 'trust', '--encoding', 'UTF8', '--locale', 'C', '--no-sync'],
    { cwd: place, encoding: 'utf8', ...as },
  );
  if (initialized.status !== 0) throw new Error(`initdb failed: ${initialized.stderr} ${initialized.error ?? ''}`);
  return run(place, { ...settings, ...(tls !== null && writeTls(place, tls, as)) });
}

/** Runs a server on the data in a directory. */
async function run(place: string, settings: Readonly<Record<string, string>>): Promise<PostgresServer> {
  const as = ownerOf();
  const data = join(place, 'data');
  const port = await freePort();
  const given = { port: `${port}`, listen_addresses: '127.0.0.1', unix_socket_directories: place, ...settings };
  const options = Object.entries(given).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const start = (): ChildProcess =>
    spawn(program('postgres'), ['-D', data, ...options], { cwd: place, stdio: ['ignore', 'ignore', 'pipe'], ...as });
  let server = start();
  const urlOf = (database: string): string => `postgres://postgres@127.0.0.1:${port}/${database}`;
  await untilReady(server, urlOf('postgres'));
  const control = new pg.Pool({ connectionString: urlOf('postgres'), max: 2 });
  control.on('error', () => undefined);
  let databases = 0;
  return {
    createDatabase: async (template = '/template1') => {
      databases += 1;
      const name = `everywire_${databases}`;
      await control.query(`CREATE DATABASE ${name} TEMPLATE ${nameOf(template)}`);
      return urlOf(name);
    },
    dump: (url, options = []) => runProgram('pg_dump', [...options, url]),
    read: async (url, dump) => {
      await runProgram('psql', ['--quiet', '--set=ON_ERROR_STOP=1', url], dump);
    },
    fill: async (url, isFull) => {
      await runProgram('psql', ['--quiet', '--set=ON_ERROR_STOP=1', url], isFull ? FILL : FREE);
    },
    at: (url) => urlOf(nameOf(url)),
    copy: async (role) => {
      const copied = createPlace(as);
      const from = ['--host=127.0.0.1', `--port=${port}`, '--username=postgres', '--checkpoint=fast', '--no-sync'];
      const standby = role === 'standby' ? ['--write-recovery-conf'] : [];
      await runProgram('pg_basebackup', [...from, ...standby, `--pgdata=${join(copied, 'data')}`], '', as);
      return run(copied, settings);
    },
    ask: async (text) => (await control.query(text)).rows,
    killAndStart: async () => {
      const ended = endOf(server);
      // The postmaster first; otherwise it would shut down the others in order.
      for (const pid of [server.pid, ...childrenOf(server.pid)]) if (pid !== undefined) kill(pid);
      await ended;
      for (let tries = 1; ; tries += 1) {
        server = start();
        try {
          await untilReady(server, urlOf('postgres'));
          return;
        } catch (error) {
          // A killed process of the former server has not ended yet.
          if (tries === RESTARTS_MAX || !`${error}`.includes('pre-existing shared memory')) throw error;
        }
      }
    },
    stopAndStart: async (meanwhile) => {
      const ended = endOf(server);
      server.kill('SIGINT');
      await ended;
      await meanwhile();
      server = start();
      await untilReady(server, urlOf('postgres'));
    },
    stop: async () => {
      await control.end();
      const ended = endOf(server);
      // A fast shutdown: connections that a test left open must not delay it.
      server.kill('SIGINT');
      await ended;
      rmSync(place, { recursive: true });
    },
  };
}

/** Creates the directory of a server, in memory if there is plenty: a new database takes 0.04 s there, on a disk 0.4 s. */
function createPlace(as: ReturnType<typeof ownerOf>): string {
  const isRoomy = existsSync(MEMORY) && statfsSync(MEMORY).bavail * statfsSync(MEMORY).bsize > MEMORY_FREE_BYTES;
  const place = mkdtempSync(join(isRoomy ? MEMORY : tmpdir(), 'everywire-postgres-'));
  if (as !== null) chownSync(place, as.uid, as.gid);
  return place;
}

function nameOf(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}

/** Writes the TLS files, with a private key because the server rejects one that others can read; returns the settings. */
function writeTls(
  place: string,
  { cert, key }: { readonly cert: string; readonly key: string },
  as: ReturnType<typeof ownerOf>,
): Record<string, string> {
  const files = { ssl_cert_file: join(place, 'server.crt'), ssl_key_file: join(place, 'server.key') };
  writeFileSync(files.ssl_cert_file, cert, { mode: 0o600 });
  writeFileSync(files.ssl_key_file, key, { mode: 0o600 });
  if (as !== null) for (const file of Object.values(files)) chownSync(file, as.uid, as.gid);
  return { ssl: 'on', ...files };
}

async function endOf(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  await new Promise((resolve) => server.once('exit', resolve));
}

function childrenOf(pid: number | undefined): readonly number[] {
  const { stdout } = spawnSync('ps', ['-o', 'pid=', '--ppid', `${pid}`], { encoding: 'utf8' });
  return stdout.split('\n').map(Number).filter(Boolean);
}

/** Kills a process that may have ended already. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Returns the user to run as: PostgreSQL refuses to run as root, and the Debian package creates a user for it. */
function ownerOf(): { readonly uid: number; readonly gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const [uid, gid] = ['-u', '-g'].map((option) =>
    Number(spawnSync('id', [option, 'postgres'], { encoding: 'utf8' }).stdout),
  );
  if (!uid || !gid) throw new Error('there is no user "postgres": apt-get install postgresql');
  return { uid, gid };
}

function runProgram(
  name: string,
  options: readonly string[],
  input = '',
  as: ReturnType<typeof ownerOf> = null,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(program(name), options, { maxBuffer: 2 ** 30, ...as }, (error, stdout) =>
      error === null ? resolve(stdout) : reject(error),
    );
    child.stdin?.end(input);
  });
}

function program(name: string): string {
  const found = existsSync(VERSIONS)
    ? readdirSync(VERSIONS).map((version) => join(VERSIONS, version, 'bin', name))
    : [];
  const path = found.find((each) => existsSync(each));
  if (path === undefined) throw new Error(`${name} is not there: apt-get install postgresql`);
  return path;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

async function untilReady(server: ChildProcess, url: string): Promise<void> {
  let said = '';
  server.stderr?.on('data', (text) => {
    said = `${said}${text}`.slice(-4_000);
  });
  const deadline = performance.now() + READY_WITHIN_MS;
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (server.exitCode !== null || performance.now() > deadline)
        throw new Error(`PostgreSQL did not start: ${said}`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
