/** The server under attack, in a process of its own: what it holds and how long it stands still is its own, not the attacker's. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createWireServer, type ServerLimits, type WireServerOptions } from '@everywire/server';

export interface ProgramOptions {
  readonly limits?: Partial<ServerLimits>;
  readonly deflate?: boolean;
  readonly origins?: readonly string[];
  /** Raw links get the topics they ask for, and their messages are taken and forgotten. */
  readonly raw?: boolean;
  /** Sessions join this topic. */
  readonly topic?: string;
  /** Handlers of messages never settle, but for those that begin with `echo`. */
  readonly stuck?: boolean;
}

/** What the process holds and has done since it was last asked. */
export interface Report {
  /** Milliseconds of processor time of the longest turn of the event loop: what other processes take makes it no longer. */
  readonly stallMs: number;
  /** Bytes in use after a collection: heap, buffers and what else V8 knows of. */
  readonly bytes: number;
  readonly counters: Readonly<Record<string, number>>;
  /** Notices that reached the log, by code, since the start. */
  readonly told: Readonly<Record<string, number>>;
  readonly sessions: number;
  readonly connections: number;
  readonly errors: readonly string[];
}

export type Command =
  | { readonly kind: 'report' }
  | { readonly kind: 'publish'; readonly topic: string; readonly count: number; readonly bytes: number };

const TURN_MS = 5;
const mainThread = `/proc/self/task/${process.pid}/schedstat`;
const options = JSON.parse(process.argv[2] ?? '{}') as ProgramOptions;
const told: Record<string, number> = {};
const errors: string[] = [];
for (const event of ['uncaughtExceptionMonitor', 'unhandledRejection', 'warning'])
  process.on(event, (error: unknown) => errors.push(`${event}: ${String(error)}`));

const wireOptions: WireServerOptions = {
  limits: options.limits ?? {},
  deflate: options.deflate ?? false,
  origins: options.origins ?? [],
  onSession: (session) => {
    if (options.topic !== undefined) session.join(options.topic);
    session.onMessage = (data) => {
      if (options.stuck && !(typeof data === 'string' && data.startsWith('echo'))) return new Promise(() => undefined);
      session.send(data);
      return undefined;
    };
  },
  ...(options.raw && { onRawLink: ({ topics }) => topics, onRawMessage: () => undefined }),
  onNotice: ({ code }) => {
    told[code] = (told[code] ?? 0) + 1;
  },
};
const wire = createWireServer(wireOptions);
const http = createServer();
wire.attach(http);
http.listen(0, '127.0.0.1');
await once(http, 'listening');

let stallMs = 0;
let before = busyMs();
setInterval(() => {
  const now = busyMs();
  stallMs = Math.max(stallMs, now - before);
  before = now;
}, TURN_MS);

/** Of the thread of the event loop alone, as Linux counts it: what V8 compiles and collects on threads beside it makes nobody wait. */
function busyMs(): number {
  return Number(readFileSync(mainThread, 'utf8').split(' ', 1)[0]) / 1e6;
}

function report(): Report {
  const stalled = stallMs;
  // What the first frees is given back by the second.
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  before = busyMs();
  stallMs = 0;
  return {
    ...{ stallMs: stalled, bytes: heapUsed + external, counters: wire.counters(), told, errors },
    sessions: wire.sessions().length,
    connections: (http as unknown as { readonly _connections: number })._connections,
  };
}

process.on('message', (command: Command) => {
  if (command.kind === 'report') process.send?.(report());
  else for (let i = 0; i < command.count; i++) wire.publish(command.topic, 'x'.repeat(command.bytes));
});
process.on('disconnect', () => process.exit(0));
process.send?.({ port: (http.address() as AddressInfo).port });
