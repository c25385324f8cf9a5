/** Runs the attacked server in a separate process, so that its memory and stalls are not those of the attacker. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createWireServer, type ServerLimits, type WireServerOptions } from '@everywire/server';
import { type Measured, measureStalls } from './stall-meter.js';

/** Options of the attacked server. */
export interface ProgramOptions {
  readonly limits?: Partial<ServerLimits>;
  readonly deflate?: boolean;
  readonly origins?: readonly string[];
  /** Whether raw links (WebSockets without a session) may subscribe to topics. Their messages are dropped. */
  readonly raw?: boolean;
  /** The topic that sessions join. */
  readonly topic?: string;
  /** Whether handlers of messages never settle, except for messages that begin with `echo`. */
  readonly stuck?: boolean;
}

/** The current resources of the process, and its measurements since the last report. */
export interface Report extends Measured {
  readonly counters: Readonly<Record<string, number>>;
  /** Number of notices since the start, by code. */
  readonly told: Readonly<Record<string, number>>;
  readonly sessions: number;
  readonly connections: number;
}

/** A command of the test to the process. */
export type Command =
  | { readonly kind: 'report' }
  | { readonly kind: 'publish'; readonly topic: string; readonly count: number; readonly bytes: number };

const options = JSON.parse(process.argv[2] ?? '{}') as ProgramOptions;
const told: Record<string, number> = {};
const measured = measureStalls();
let published = 0;

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

function report(): Report {
  return {
    ...measured(),
    counters: wire.counters(),
    told,
    sessions: wire.sessions().length,
    connections: (http as unknown as { readonly _connections: number })._connections,
  };
}

process.on('message', (command: Command) => {
  if (command.kind === 'report') process.send?.(report());
  else {
    // Each text is different: equal ones would share memory.
    for (let i = 0; i < command.count; i++) wire.publish(command.topic, String(published++).padEnd(command.bytes, 'x'));
  }
});
process.on('disconnect', () => process.exit(0));
process.send?.({ port: (http.address() as AddressInfo).port });
