import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const guide = fileURLToPath(new URL('../../docs/guides/reverse-proxies.md', import.meta.url));
/** How long to wait until a proxy listens. */
const deadlineMs = 30_000;

/** The reverse proxies of the guide. */
export const kinds = ['nginx', 'haproxy'] as const;
export type Kind = (typeof kinds)[number];

/** Returns the configuration of the guide, with ports of this test and without TLS. */
function configuration(kind: Kind, port: number, serverPort: number): string {
  const block = new RegExp(`^\`\`\`${kind}\\n# \\S+\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(
    readFileSync(guide, 'utf8'),
  )?.[1];
  if (block === undefined) throw new Error(`the guide has no configuration for ${kind}`);
  const lines = block
    .split('\n')
    .filter((line) => !line.includes('ssl_certificate'))
    .map((line) => line.replace('127.0.0.1:8088', `127.0.0.1:${serverPort}`))
    .map((line) => line.replace(/listen 443 .*;/, `listen 127.0.0.1:${port};`))
    .map((line) => line.replace(/bind :443 .*/, `bind 127.0.0.1:${port}`));
  return lines.join('\n');
}

/** Match the section of the configuration that lists the servers. */
const ofBackend = { nginx: /^upstream everywire \{.*?^\}\n/ms, haproxy: /^backend everywire\n.*/ms };

/** Completes the servers of the guide to a configuration file of nginx. */
const nginxMain = (directory: string, servers: string): string => `
${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
pid ${directory}/nginx.pid;
error_log ${directory}/error.log;
worker_processes 2;
worker_shutdown_timeout 1s;
events { worker_connections 512; }
http {
  access_log off;
${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `  ${name}_temp_path ${directory}/${name};`).join('\n')}
${servers}
}
`;

/** A real nginx or HAProxy in front of one server, with the configuration of the guide. */
export class ReverseProxy {
  readonly port: number;
  readonly #directory: string;
  readonly #child: ChildProcess;
  #errors = '';

  /** Starts a proxy. `backend` replaces the section of the guide that lists the servers. */
  static async start(kind: Kind, serverPort: number, backend?: string): Promise<ReverseProxy> {
    const proxy = new ReverseProxy(kind, await freePort(), serverPort, backend);
    await proxy.#accepting();
    return proxy;
  }

  private constructor(kind: Kind, port: number, serverPort: number, backend?: string) {
    this.port = port;
    this.#directory = mkdtempSync(join(tmpdir(), `everywire-${kind}-`));
    const file = join(this.#directory, 'proxy.conf');
    const whole = configuration(kind, port, serverPort);
    const text = backend === undefined ? whole : whole.replace(ofBackend[kind], () => backend);
    mkdirSync(join(this.#directory, 'logs'));
    writeFileSync(file, kind === 'nginx' ? nginxMain(this.#directory, text) : `global\n  hard-stop-after 1s\n${text}`);
    const [command, args] =
      kind === 'nginx'
        ? ['/usr/sbin/nginx', ['-p', this.#directory, '-c', file]]
        : ['/usr/sbin/haproxy', ['-W', '-f', file, '-p', join(this.#directory, 'haproxy.pid')]];
    this.#child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      this.#errors += chunk;
    });
    this.#reloadSignal = kind === 'nginx' ? 'SIGHUP' : 'SIGUSR2';
  }

  readonly #reloadSignal: NodeJS.Signals;

  /** Reloads the proxy: new workers take over, and the old ones end their connections within a second. */
  reload(): void {
    this.#child.kill(this.#reloadSignal);
  }

  async stop(): Promise<void> {
    const closed = once(this.#child, 'close');
    this.#child.kill('SIGTERM');
    await closed;
    rmSync(this.#directory, { recursive: true, force: true });
  }

  /** Waits until it accepts connections. */
  async #accepting(): Promise<void> {
    const until = Date.now() + deadlineMs;
    while (Date.now() < until && this.#child.exitCode === null) {
      const socket = connect(this.port, '127.0.0.1');
      const connected = await Promise.race([
        once(socket, 'connect').then(
          () => true,
          () => false,
        ),
        once(this.#child, 'close').then(() => false),
      ]);
      socket.destroy();
      if (connected) return;
      await delay(20);
    }
    throw new Error(`the proxy does not start:\n${this.#errors}`);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
