import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createNetServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWireClient, type TransportName, type WireClient } from '@everywire/client';
import {
  createWireServer,
  type JsonValue,
  saveSessions,
  takeSessions,
  type WireServer,
  type WireSession,
} from '@everywire/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assertsFigures, wideUnless } from '../lane.js';
import { eventually } from '../server/hand-client.js';

/* A process ends and another one goes on with its sessions, in traffic: no application hears of more than a lost connection. */

const overEach: readonly TransportName[] = [
  ...(['websocket', 'fetch-stream', 'event-stream', 'multipart-stream'] as const),
  ...(['long-poll', 'short-poll', 'tcp'] as const),
];
const forAll = 'for all';
const pauseMs = 3_000;
const fromOneAddress = 10_000;
const limits = {
  ...{ tickMs: 10, shortPollMs: 400 },
  ...{ connectionsPerAddressMax: fromOneAddress, tcpPerAddressMax: fromOneAddress },
  ...{ unconfirmedPerAddressMax: fromOneAddress, silentPerAddressMax: fromOneAddress },
};

/** What the application keeps of a session. */
interface Counts {
  readonly of: string;
  readonly sent: number;
  readonly came: number;
}

/** A process with an application that sends numbers to each session and takes numbers from it. */
class Process {
  readonly faults: string[] = [];
  readonly wire: WireServer;
  readonly #http = createServer();
  readonly #tcp = createNetServer();
  readonly #sockets = new Set<Socket>();
  readonly #counts = new Map<WireSession, Counts>();

  constructor() {
    for (const server of [this.#http, this.#tcp])
      server.on('connection', (socket: Socket) => {
        this.#sockets.add(socket);
        socket.once('close', () => this.#sockets.delete(socket));
      });
    this.wire = createWireServer({
      limits,
      authenticate: ({ token = '' }) => ({ subject: token }),
      onSession: (session) => {
        session.join('all');
        this.#take(session, { of: session.claims.subject, sent: 0, came: 0 });
      },
      onFreeze: (session) => this.#give(session) as unknown as JsonValue,
      onRestore: (session, counts) => this.#take(session, counts as unknown as Counts),
      onNotice: ({ code, text }) => void this.faults.push(`${code}: ${text}`),
    });
  }

  async listen(port = 0, tcpPort = 0): Promise<readonly [port: number, tcpPort: number]> {
    this.wire.attach(this.#http);
    this.wire.attachTcp(this.#tcp);
    await new Promise<void>((done) => this.#http.listen(port, '127.0.0.1', done));
    await new Promise<void>((done) => this.#tcp.listen(tcpPort, '127.0.0.1', done));
    return [(this.#http.address() as AddressInfo).port, (this.#tcp.address() as AddressInfo).port];
  }

  say(): void {
    for (const [session, { of, sent, came }] of this.#counts) {
      session.send(`${sent + 1}`);
      this.#counts.set(session, { of, sent: sent + 1, came });
    }
  }

  counts(): ReadonlyMap<string, Counts> {
    return new Map([...this.#counts.values()].map((counts) => [counts.of, counts]));
  }

  /** As a process ends: its sockets with it. */
  async stop(): Promise<void> {
    await this.wire.close({ deadlineMs: 0 });
    const closed = [this.#http, this.#tcp].map((server) => new Promise((done) => server.close(done)));
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
  }

  #give(session: WireSession): Counts | undefined {
    const counts = this.#counts.get(session);
    this.#counts.delete(session);
    return counts;
  }

  #take(session: WireSession, counts: Counts): void {
    this.#counts.set(session, counts);
    session.onMessage = async (data) => {
      // Some take their time, also while the process is about to end.
      if (Number(data) % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 50));
      const { of, sent, came } = this.#counts.get(session) as Counts;
      if (Number(data) !== came + 1) this.faults.push(`${of}: ${String(data)} came after ${came}`);
      this.#counts.set(session, { of, sent, came: Number(data) });
    };
    session.onRequest = async (data) => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      return `${String(data)} answered`;
    };
    session.onClose = ({ code }) => void this.faults.push(`${counts.of}: ended with ${code}`);
  }
}

/** An application in a page: sends numbers, takes numbers, asks, and notes whatever else it hears. */
class Page {
  readonly faults: string[] = [];
  readonly client: WireClient;
  readonly name: string;
  opened = 0;
  came = 0;
  sent = 0;
  asked = 0;
  replies = 0;
  forAll = 0;
  longestPauseMs = 0;
  #heardAt = performance.now();

  constructor([port, tcpPort]: readonly [number, number], transport: TransportName, name: string) {
    this.name = name;
    this.client = createWireClient(`http://127.0.0.1:${port}/everywire`, {
      ...{ transports: [transport], token: () => name, tcp: `tcp://127.0.0.1:${tcpPort}`, shortPollMs: 500 },
    });
    this.client.addEventListener('open', () => {
      this.opened += 1;
    });
    this.client.addEventListener('close', ({ reason }) => void this.faults.push(`${name}: close ${reason}`));
    this.client.addEventListener('message', ({ data }) => this.#hear(data));
  }

  say(): void {
    if (this.opened === 0) return;
    this.sent += 1;
    this.client.send(`${this.sent}`);
    if (this.sent % 5 === 0) this.#ask();
  }

  #hear(data: unknown): void {
    if (data === forAll) {
      this.forAll += 1;
      return;
    }
    const now = performance.now();
    this.longestPauseMs = Math.max(this.longestPauseMs, now - this.#heardAt);
    this.#heardAt = now;
    if (Number(data) !== this.came + 1) this.faults.push(`${this.name}: ${String(data)} came after ${this.came}`);
    this.came = Number(data);
  }

  #ask(): void {
    this.asked += 1;
    this.client.request(`${this.sent}`).then(
      () => {
        this.replies += 1;
      },
      (error: unknown) => this.faults.push(`${this.name}: ${String(error)}`),
    );
  }
}

let folder: string;
let stop: () => Promise<void>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everywire-restart-'));
});
afterEach(async () => {
  await stop();
  await rm(folder, { recursive: true });
});

/** Ends `former`. @returns the process that goes on */
async function restart(former: Process, ports: readonly [number, number], sessions: number): Promise<Process> {
  const path = join(folder, 'sessions');
  saveSessions(path, await former.wire.freeze());
  await former.stop();
  expect(former.faults).toEqual([]);
  const next = new Process();
  const taken = takeSessions(path);
  if (taken === null || 'fault' in taken) throw new Error(`Nothing was taken: ${JSON.stringify(taken)}`);
  expect(next.wire.restore(taken.sessions, taken)).toBe(sessions);
  await next.listen(...ports);
  return next;
}

const runs = [
  { sessions: 21, restarts: 3, everyMs: 25, isQuick: true },
  { sessions: 140, restarts: 10, everyMs: 250, isQuick: false },
];

describe('in traffic over every transport', () => {
  for (const { sessions, restarts, everyMs, isQuick } of runs) {
    const title = `[SN-24.5] [SN-24.7] [SN-24.12] ${sessions} sessions go on through ${restarts} restarts, and nobody hears of it`;
    it(title, { tags: wideUnless(isQuick), timeout: 300_000 }, async () => {
      let process = new Process();
      const ports = await process.listen();
      const transportOf = (at: number) => overEach[at % overEach.length] as TransportName;
      const pages = Array.from({ length: sessions }, (_, at) => new Page(ports, transportOf(at), `page ${at}`));
      const talking = setInterval(() => {
        process.say();
        for (const page of pages) page.say();
      }, everyMs);
      stop = async () => {
        clearInterval(talking);
        for (const { client } of pages) client.close();
        await process.stop();
      };
      await eventually(() => pages.every(({ came }) => came > 3));
      for (let count = 1; count <= restarts; count += 1) {
        process = await restart(process, ports, sessions);
        const before = pages.map(({ came }) => came);
        process.wire.publish('all', forAll);
        await eventually(() => pages.every(({ came }, at) => came > (before[at] as number) + 3));
      }
      clearInterval(talking);
      const counts = process.counts();
      const of = (page: Page): Counts => process.counts().get(page.name) as Counts;
      expect(counts.size).toBe(sessions);
      await eventually(() => pages.every((page) => page.came === of(page).sent && page.sent === of(page).came));
      await eventually(() => pages.every(({ asked, replies }) => replies === asked));
      expect([...process.faults, ...pages.flatMap(({ faults }) => faults)]).toEqual([]);
      expect(pages.filter((page) => page.opened !== 1 || page.forAll !== restarts)).toEqual([]);
      const pauses = pages.map(({ longestPauseMs }) => longestPauseMs).toSorted((a, b) => a - b);
      if (assertsFigures) expect(pauses[Math.floor(sessions * 0.99)]).toBeLessThan(pauseMs + everyMs);
    });
  }
});
