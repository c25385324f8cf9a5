import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PROGRAM = '/usr/sbin/nats-server';
const READY_WITHIN_MS = 30_000;

/** A NATS server (the Debian package) for one test, on free ports. */
export interface NatsServer {
  readonly port: number;
  /** `nats://127.0.0.1:port`, without credentials. */
  readonly url: string;
  /** The port to which other servers of its cluster connect. */
  readonly routePort: number;
  /** Reads a monitoring endpoint: `varz`, `routez`, `connz`. */
  monitor<Answer extends object>(endpoint: string): Promise<Answer>;
  /** Kills the server with SIGKILL. */
  kill(): Promise<void>;
  /** Restarts the server on the same ports, optionally with other options; resolves when it answers. */
  start(changed?: NatsServerOptions): Promise<void>;
  stop(): Promise<void>;
}

/** Options of a NATS server. */
export interface NatsServerOptions {
  /** The required credentials. Default: none. */
  readonly authorization?: { readonly user: string; readonly password: string } | { readonly token: string };
  /** Makes it a server of a cluster that connects to these route ports. */
  readonly routes?: readonly number[];
  /** More lines of the configuration file, by name. */
  readonly settings?: Readonly<Record<string, string>>;
}

interface Ports {
  readonly client: number;
  readonly monitor: number;
  readonly route: number;
}

/** Starts a server; resolves when it answers. */
export async function startNats(options: NatsServerOptions = {}): Promise<NatsServer> {
  return startOn(await freePorts(), options);
}

/** Starts servers that are routed to each other; resolves when every one has a route to every other. */
export async function startNatsMesh(count: number, options: NatsServerOptions = {}): Promise<readonly NatsServer[]> {
  const ports = await Promise.all(Array.from({ length: count }, freePorts));
  const servers = await Promise.all(
    ports.map((own) => {
      const routes = ports.filter((each) => each !== own).map(({ route }) => route);
      return startOn(own, { ...options, routes });
    }),
  );
  await untilMeshed(servers);
  return servers;
}

/** Resolves when every server has a route to every other. */
export async function untilMeshed(servers: readonly NatsServer[]): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS;
  for (const server of servers) {
    const routed = async (): Promise<number> => {
      const { routes } = await server.monitor<{ readonly routes: readonly { readonly remote_id: string }[] }>('routez');
      return new Set(routes.map((route) => route.remote_id)).size;
    };
    while ((await routed()) < servers.length - 1) {
      if (performance.now() > deadline) throw new Error('The NATS servers found no routes to each other.');
      await pause();
    }
  }
}

async function startOn(ports: Ports, options: NatsServerOptions): Promise<NatsServer> {
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is not there: apt-get install nats-server`);
  const place = mkdtempSync(join(tmpdir(), 'everywire-nats-'));
  const file = join(place, 'nats.conf');
  let given = options;
  const launch = async (): Promise<ChildProcess> => {
    writeFileSync(file, configure(ports, given), { mode: 0o600 });
    const child = spawn(PROGRAM, ['--config', file], { cwd: place, stdio: ['ignore', 'ignore', 'pipe'] });
    await untilReady(child, ports.client);
    return child;
  };
  let child = await launch();
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  };
  return {
    port: ports.client,
    routePort: ports.route,
    url: `nats://127.0.0.1:${ports.client}`,
    monitor: async (endpoint) => (await fetch(`http://127.0.0.1:${ports.monitor}/${endpoint}`)).json(),
    kill: () => end('SIGKILL'),
    start: async (changed = given) => {
      given = changed;
      child = await launch();
    },
    stop: async () => {
      await end('SIGTERM');
      rmSync(place, { recursive: true });
    },
  };
}

function configure(ports: Ports, { authorization, routes, settings }: NatsServerOptions): string {
  const lines = [`listen: "127.0.0.1:${ports.client}"`, `http: "127.0.0.1:${ports.monitor}"`];
  if (routes !== undefined) {
    const urls = routes.map((route) => `"nats-route://127.0.0.1:${route}"`);
    lines.push(`cluster { name: mesh, listen: "127.0.0.1:${ports.route}", routes: [${urls.join(', ')}] }`);
  }
  if (authorization !== undefined) lines.push(`authorization: ${JSON.stringify(authorization)}`);
  for (const [name, value] of Object.entries(settings ?? {})) lines.push(`${name}: ${value}`);
  return `${lines.join('\n')}\n`;
}

/** Finds free ports, which are held open together so that they differ. */
async function freePorts(): Promise<Ports> {
  const probes = [createServer(), createServer(), createServer()];
  for (const probe of probes) await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const [client = 0, monitor = 0, route = 0] = probes.map((probe) => (probe.address() as AddressInfo).port);
  for (const probe of probes) await new Promise((resolve) => probe.close(resolve));
  return { client, monitor, route };
}

async function untilReady(child: ChildProcess, port: number): Promise<void> {
  let said = '';
  child.stderr?.on('data', (text) => {
    said = `${said}${text}`.slice(-4_000);
  });
  const deadline = performance.now() + READY_WITHIN_MS;
  while (!(await greets(port))) {
    if (child.exitCode !== null || performance.now() > deadline) throw new Error(`nats-server did not start: ${said}`);
    await pause();
  }
}

/** Resolves with whether the server greets a new connection with its INFO. */
function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', (data) => {
      socket.destroy();
      resolve(String(data).startsWith('INFO '));
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}
