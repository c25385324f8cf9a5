import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import {
  type CutHow,
  createFaultCounters,
  type Fault,
  type FaultBoard,
  type FaultCounters,
  type FaultScope,
} from './fault.js';
import { endSocket, ProxiedConnection } from './proxied-connection.js';
import { createWithholdingProxy } from './withholding-proxy.js';

/** A TCP proxy on 127.0.0.1 between clients and one HTTP server, whose faults can be switched while it runs. */
export interface FaultProxy {
  readonly port: number;
  /** The port that leads to the server's raw TCP port, under the same faults; 0 when there is none. */
  readonly tcpPort: number;
  /** Counts what happened so far; read it after the traffic. */
  readonly counters: Readonly<FaultCounters>;
  /** Puts a fault in force; several may be in force together. Returns a function that lifts it. */
  inject(fault: Fault): () => void;
  /** Ends every open connection in scope now; returns their number. */
  cutNow(how: CutHow, scope?: FaultScope): number;
  /** Resets the open connection whose index `pick` returns, given the number of open ones in opening order. Returns `false` if none is open. */
  cutOne(pick: (open: number) => number): boolean;
  /**
   * Resets the client side of every open connection. The server side stays open and silent until the returned function is called, which resets it.
   */
  halfOpen(): () => void;
  /** Lifts every fault; silenced connections stay silent. */
  lift(): void;
  /** Stops listening and resets open connections. */
  close(): Promise<void>;
}

/** Starts a fault proxy; `tcpTargetPort` is the server's raw TCP port, if any. */
export async function createFaultProxy(targetPort: number, tcpTargetPort = 0): Promise<FaultProxy> {
  const board: FaultBoard = { faults: new Set(), counters: createFaultCounters() };
  const connections = new Set<ProxiedConnection>();
  const loose = new Set<Socket>();
  const withholding = createWithholdingProxy(targetPort, board.counters);
  const listenFor = (target: number, withhold: (client: Socket) => void): Promise<Server> => {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
      board.counters.connections++;
      if (takeLoose(client, board, withhold)) {
        loose.add(client);
        client.on('close', () => loose.delete(client));
        return;
      }
      const connection = new ProxiedConnection(client, target, board, () => connections.delete(connection));
      connections.add(connection);
    });
    return new Promise((done) => server.listen(0, '127.0.0.1', () => done(server)));
  };
  const servers = [await listenFor(targetPort, (socket) => void withholding.emit('connection', socket))];
  // The withholding proxy understands only HTTP, so raw TCP is reset.
  if (tcpTargetPort > 0) servers.push(await listenFor(tcpTargetPort, (socket) => endSocket(socket, 'reset')));
  const [port = 0, tcpPort = 0] = servers.map((server) => (server.address() as AddressInfo).port);
  const lift = (fault: Fault): void => {
    board.faults.delete(fault);
    for (const connection of connections) connection.onLift(fault);
  };

  return {
    port,
    tcpPort,
    counters: board.counters,
    inject(fault: Fault): () => void {
      board.faults.add(fault);
      for (const connection of connections) connection.onFault(fault);
      return () => lift(fault);
    },
    cutNow(how: CutHow, scope: FaultScope = {}): number {
      const hit = [...connections].filter((connection) => connection.isIn(scope));
      for (const connection of hit) connection.cut(how);
      const unscoped = scope.only === undefined && scope.path === undefined;
      const hitLoose = unscoped ? [...loose] : [];
      for (const socket of hitLoose) endSocket(socket, how);
      board.counters.cuts += hitLoose.length;
      return hit.length + hitLoose.length;
    },
    cutOne(pick: (open: number) => number): boolean {
      const open = [...connections];
      open[open.length > 0 ? pick(open.length) : 0]?.cut('reset');
      return open.length > 0;
    },
    halfOpen(): () => void {
      const halved = [...connections];
      for (const connection of halved) connection.halfOpen();
      return () => {
        for (const connection of halved) connection.destroy('reset');
      };
    },
    lift(): void {
      for (const fault of board.faults) lift(fault);
    },
    async close(): Promise<void> {
      const closed = Promise.all(servers.map((server) => new Promise<void>((done) => server.close(() => done()))));
      for (const connection of connections) connection.destroy('reset');
      for (const socket of loose) socket.destroy();
      await closed;
    },
  };
}

/** Handles a new connection that a fault excludes from normal proxying; returns whether it did. */
function takeLoose(client: Socket, board: FaultBoard, withhold: (client: Socket) => void): boolean {
  const kinds = new Set([...board.faults].filter((fault) => !isScoped(fault)).map((fault) => fault.kind));
  const taken = kinds.has('refuse') || kinds.has('silence') || kinds.has('withhold');
  if (taken) client.on('error', () => undefined);
  if (kinds.has('refuse')) {
    board.counters.refusals++;
    endSocket(client, 'reset');
  } else if (kinds.has('silence')) {
    board.counters.silencedConnections++;
    client.on('data', (piece: Buffer) => {
      board.counters.silencedBytes += piece.length;
    });
  } else if (kinds.has('withhold')) {
    withhold(client);
  }
  return taken;
}

/** Tells whether a fault needs a request to decide if it applies to a connection. */
function isScoped(fault: Fault): boolean {
  return ('only' in fault && fault.only !== undefined) || ('path' in fault && fault.path !== undefined);
}
