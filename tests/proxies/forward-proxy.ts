import { type ChildProcess, spawn } from 'node:child_process';
import { chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The program of a proxy. */
export type ProxyProgram = 'squid' | 'tinyproxy';

/**
 * The traffic that a proxy allows. `any`: all ports, also by CONNECT. `debian`: as Debian configures squid, that is, requests
 * to all usual ports, but CONNECT only to 443. `web`: only requests to 80 and CONNECT to 443.
 */
export type ProxyRules = 'any' | 'debian' | 'web';

/** A real forward proxy with its own port, configuration and folder. */
export interface ForwardProxy {
  readonly port: number;
  /** Returns its log: one line per request, with the method and the address. */
  log(): string;
  stop(): Promise<void>;
}

/** The most milliseconds until a proxy must listen. Squid needs a few seconds. */
const START_DEADLINE_MS = 120_000;
const PROGRAMS = { squid: '/usr/sbin/squid', tinyproxy: '/usr/bin/tinyproxy' };
/** The user that runs the proxy when root starts it. */
const USER = 'proxy';

const squidRules: Readonly<Record<ProxyRules, string>> = {
  any: 'http_access allow localhost',
  // The lines of Debian's configuration that matter here.
  debian: `acl SSL_ports port 443
acl Safe_ports port 80 443 1025-65535
http_access deny !Safe_ports
http_access deny CONNECT !SSL_ports
http_access allow localhost`,
  web: `acl SSL_ports port 443
acl Safe_ports port 80 443
http_access deny !Safe_ports
http_access deny CONNECT !SSL_ports
http_access allow localhost`,
};

/**
 * Returns the configuration. All other settings are squid's defaults: a cache in memory, kept-alive connections, its
 * timeouts.
 */
const squidConf = (port: number, folder: string, rules: ProxyRules): string => `${squidRules[rules]}
http_access deny all
http_port 127.0.0.1:${port}
pid_filename none
access_log stdio:${folder}/log
cache_log ${folder}/cache.log
coredump_dir ${folder}
cache_mem 8 MB
max_filedescriptors 1024
pinger_enable off
shutdown_lifetime 0 seconds
visible_hostname localhost
refresh_pattern . 0 20% 4320
`;

/** Returns the configuration. tinyproxy has rules only for CONNECT. */
const tinyproxyConf = (port: number, folder: string, rules: ProxyRules): string => `User ${USER}
Group ${USER}
Port ${port}
Listen 127.0.0.1
Timeout 600
LogFile "${folder}/log"
LogLevel Connect
MaxClients 100
Allow 127.0.0.1
ViaProxyName "tinyproxy"
${rules === 'any' ? '' : 'ConnectPort 443\n'}`;

/**
 * Starts a proxy on a free port. Neither program accepts port 0, so another program may take the port first; then the
 * proxy gets another one.
 *
 * @throws Error with the output of the proxy if it does not listen in time, or exits three times
 */
export async function startForwardProxy(program: ProxyProgram, rules: ProxyRules): Promise<ForwardProxy> {
  for (let tries = 1; ; tries += 1) {
    const proxy = await tryToStart(program, rules, await findPort());
    if (typeof proxy !== 'string') return proxy;
    if (tries === 3) throw new Error(proxy);
  }
}

/** Starts a proxy. Returns its output as a string if it does not listen. */
async function tryToStart(program: ProxyProgram, rules: ProxyRules, port: number): Promise<ForwardProxy | string> {
  const folder = mkdtempSync(join(tmpdir(), `everywire-${program}-`));
  const conf = join(folder, 'conf');
  writeFileSync(conf, program === 'squid' ? squidConf(port, folder, rules) : tinyproxyConf(port, folder, rules));
  const { uid, gid } = ownerOf(USER);
  if (process.getuid?.() === 0) chownSync(folder, uid, gid);
  const args = program === 'squid' ? ['-N', '-f', conf] : ['-d', '-c', conf];
  const child = spawn(PROGRAMS[program], args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      said += text;
    });
  }
  const stop = async (): Promise<void> => {
    await end(child);
    rmSync(folder, { recursive: true, force: true });
  };
  if (await listens(port, child)) return { port, log: () => readFileSync(join(folder, 'log'), 'utf8'), stop };
  await stop();
  return `${program} does not listen on ${port}: ${said}`;
}

function ownerOf(user: string): { readonly uid: number; readonly gid: number } {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${user}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return { uid: Number(uid), gid: Number(gid) };
}

async function findPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

async function listens(port: number, child: ChildProcess): Promise<boolean> {
  const deadline = Date.now() + START_DEADLINE_MS;
  while (Date.now() < deadline && child.exitCode === null) {
    const connected = await new Promise<boolean>((done) => {
      const socket = connect(port, '127.0.0.1', () => done(true));
      socket.on('error', () => done(false));
      socket.on('connect', () => socket.destroy());
    });
    if (connected) return true;
    await new Promise((done) => setTimeout(done, 50));
  }
  return false;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((done) => child.once('exit', done));
  child.kill('SIGTERM');
  const kill = setTimeout(() => child.kill('SIGKILL'), 5000);
  await ended;
  clearTimeout(kill);
}
