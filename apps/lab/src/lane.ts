import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createWireServer, type ServerRecording, type WireServer } from '@everywire/server';
import { createFaultProxy, type Fault, type FaultProxy } from '@everywire/testkit';
import type { LaneName, LaneReport, LastingFault, MomentaryFault } from './reports.js';
import { WireMeter } from './wire-meter.js';

/** The page that a lane serves for its frame in the lab. */
export type ServePage = (path: string) => { readonly type: string; readonly text: string } | undefined;

/** The HTTP server of a lane and the wire server attached to it. */
interface LaneServer {
  readonly http: Server;
  readonly wire: WireServer;
}

/** How late the fault `delay` passes on each piece. */
const DELAY_MS = 300;
const faults: Readonly<Record<LastingFault, Fault>> = {
  buffer: { kind: 'withhold' },
  delay: { kind: 'delay', ms: DELAY_MS },
  'block-upgrade': { kind: 'block-upgrade', how: 'forbid' },
};

/**
 * One transport: a server that echoes each message, a proxy that injects faults into its connections, and a meter in
 * front of both.
 */
export class Lane {
  readonly name: LaneName;
  readonly #startAgain: (port: number) => Promise<LaneServer>;
  readonly #meter: WireMeter;
  readonly #proxy: FaultProxy;
  readonly #lifts: Map<LastingFault, () => void> = new Map();
  readonly #serverPort: number;
  #server: LaneServer;
  /** Settles when a new server has replaced the previous one. Never rejects. */
  #killing: Promise<void> = Promise.resolve();
  /** The next kill, which begins after the current one. */
  #nextKill: Promise<void> | null = null;
  /** The port that the browser uses. */
  port = 0;

  private constructor(
    name: LaneName,
    startAgain: (port: number) => Promise<LaneServer>,
    server: LaneServer,
    proxy: FaultProxy,
  ) {
    this.name = name;
    this.#startAgain = startAgain;
    this.#server = server;
    this.#serverPort = portOf(server);
    this.#proxy = proxy;
    this.#meter = new WireMeter(proxy.port);
  }

  /** Starts a lane. @param origins the origins of the lab's page, which shows the lane in a frame */
  static async start(
    name: LaneName,
    servePage: ServePage,
    origins: readonly string[],
    port: number,
    host: string,
  ): Promise<Lane> {
    const server = await startServer(servePage, origins, 0);
    const proxy = await createFaultProxy(portOf(server));
    const lane = new Lane(name, (port) => startServer(servePage, origins, port), server, proxy);
    lane.port = await lane.#meter.listen(port, host);
    return lane;
  }

  report(): LaneReport {
    return { counts: this.#meter.counts(), faults: [...this.#lifts.keys()], ...this.#meter.log.take() };
  }

  /** Injects or lifts a fault. Cuts open connections if the fault affects only new ones. */
  setFault(fault: LastingFault, inForce: boolean): void {
    const lift = this.#lifts.get(fault);
    if (inForce === (lift !== undefined)) return;
    if (lift) {
      lift();
      this.#lifts.delete(fault);
    } else this.#lifts.set(fault, this.#proxy.inject(faults[fault]));
    this.#meter.log.add(0, 'end', `${fault}: ${inForce ? 'on' : 'off'}`);
    if (fault === 'buffer') this.#proxy.cutNow('reset');
    if (fault === 'block-upgrade' && inForce) this.#proxy.cutNow('reset', { only: 'websocket' });
  }

  /**
   * Injects a momentary fault. Rejects if the server cannot restart because its port was taken meanwhile; another kill
   * retries.
   */
  async happen(fault: MomentaryFault): Promise<void> {
    this.#meter.log.add(0, 'end', fault);
    if (fault === 'cut') this.#proxy.cutNow('reset');
    else {
      // One kill serves all pages that request it before it begins.
      this.#nextKill ??= this.#killing.then(() => this.#kill());
      this.#killing = this.#nextKill.catch(({ message }: Error) => {
        this.#meter.log.add(0, 'end', 'The server cannot restart', message);
      });
      await this.#nextKill;
    }
  }

  /** Returns the recording of this subject's session on this server; `undefined` for a session of a previous server. */
  recordingOf(subject: string): ServerRecording | undefined {
    return this.#server.wire.recordings((claims) => claims.subject === subject).at(-1)?.recording;
  }

  async close(): Promise<void> {
    await this.#meter.close();
    await this.#proxy.close();
    await this.#killing;
    await stop(this.#server);
  }

  /** Replaces the server by one that knows none of its sessions, as after `kill -9`. */
  async #kill(): Promise<void> {
    this.#nextKill = null;
    this.#proxy.cutNow('reset');
    await stop(this.#server);
    this.#server = await this.#startAgain(this.#serverPort);
  }
}

function portOf({ http }: LaneServer): number {
  return (http.address() as AddressInfo).port;
}

async function startServer(servePage: ServePage, origins: readonly string[], port: number): Promise<LaneServer> {
  const http = createServer(({ url = '' }, response) => {
    const page = servePage(url.split('?', 1)[0] ?? '');
    if (!page) {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('Not found');
      return;
    }
    response.writeHead(200, { 'Content-Type': page.type, 'Cache-Control': 'no-store' }).end(page.text);
  });
  const wire = createWireServer({
    jsonp: true,
    origins,
    authenticate: ({ token = '' }) => ({ subject: token, recorded: true }),
    onSession: (session) => {
      session.onMessage = (data) => {
        session.send(data);
      };
    },
  });
  wire.attach(http);
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, '127.0.0.1', resolve);
  });
  return { http, wire };
}

async function stop({ http, wire }: LaneServer): Promise<void> {
  http.closeAllConnections();
  const closed = new Promise<void>((resolve) => http.close(() => resolve()));
  await wire.close();
  await closed;
}
