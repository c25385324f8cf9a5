import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';
import { type Pace, PieceQueue } from '../fault-proxy/piece-queue.js';

/**
 * A TCP path on 127.0.0.1 to PostgreSQL, whose faults can be switched while it runs. It stands in for the network, for a
 * host that loses power, and for an address that moves to another host.
 */
export interface DatabasePath {
  /** Returns the address of a database by this path. */
  url(database: string): string;
  /** The number of open connections. */
  readonly connections: number;
  /** Loses all bytes in both directions, of open and of new connections, until `speak`; no connection ends. */
  silence(): void;
  /** Carries bytes again. Connections that were open during a silence stay silent. */
  speak(): void;
  /**
   * Switches the host off: open connections stay silent, and any later packet of a client is answered by a reset, as the
   * next host at that address does. New connections are refused, or lead to the host of `url`.
   */
  switchOff(url?: string): void;
  /** Refuses new connections and resets open ones, until `accept`. */
  refuse(): void;
  accept(): void;
  /** Delays all bytes, ms. */
  slow(ms: number): void;
  /** Loses answers to COMMITs together with their connections, after the server has executed them. */
  loseAnswers(losses: AnswerLosses): void;
  /** The number of lost answers so far. */
  readonly lost: number;
  close(): Promise<void>;
}

/** Which answers to COMMITs are lost. */
export interface AnswerLosses {
  /** Default: without end. */
  readonly times?: number;
  /** Loses each of so many answers. Default: 1, each. */
  readonly every?: number;
  /** Selects connections by a text in their startup packet. Default: all. */
  readonly startup?: string;
}

const NO_LOSSES: Required<AnswerLosses> = { times: 0, every: 1, startup: '' };

/** The command tag of an executed COMMIT in an answer of the server. */
const COMMITTED = 'COMMIT\0';

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  startup: string;
  /** `silent`: loses all bytes; `off`: so does the server's side, and the client gets a reset when it sends. */
  state: 'open' | 'silent' | 'off';
}

interface Faults {
  target: URL;
  state: 'open' | 'silent' | 'refused';
  delayMs: number;
  losses: Required<AnswerLosses>;
  /** Answers of the selected connections so far. */
  answers: number;
  lost: number;
}

/** Starts a path to the server at `url` (`postgres://user@host:port/…`). */
export async function createDatabasePath(url: string): Promise<DatabasePath> {
  const pairs = new Set<Pair>();
  const faults: Faults = { target: new URL(url), state: 'open', delayMs: 0, losses: NO_LOSSES, answers: 0, lost: 0 };
  const listener = createServer({ noDelay: true }, (client) => {
    if (faults.state === 'refused') {
      client.resetAndDestroy();
      return;
    }
    const server = createConnection({ host: faults.target.hostname, port: Number(faults.target.port), noDelay: true });
    const pair: Pair = { client, server, startup: '', state: faults.state };
    pairs.add(pair);
    carry(pair, faults, () => pairs.delete(pair));
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as AddressInfo;
  const all = (state: Pair['state']): void => {
    for (const pair of pairs) pair.state = state;
  };
  return {
    url: (database) => Object.assign(new URL(database), { host: `127.0.0.1:${port}` }).href,
    get connections() {
      return pairs.size;
    },
    get lost() {
      return faults.lost;
    },
    silence: () => {
      faults.state = 'silent';
      all('silent');
    },
    speak: () => {
      faults.state = 'open';
    },
    switchOff: (to) => {
      all('off');
      if (to === undefined) faults.state = 'refused';
      else faults.target = new URL(to);
    },
    refuse: () => {
      faults.state = 'refused';
      for (const { client, server } of pairs) for (const socket of [client, server]) socket.resetAndDestroy();
    },
    accept: () => {
      faults.state = 'open';
    },
    slow: (ms) => {
      faults.delayMs = ms;
    },
    loseAnswers: (losses) => {
      faults.losses = { times: Number.POSITIVE_INFINITY, every: 1, startup: '', ...losses };
    },
    close: async () => {
      const closed = new Promise((resolve) => listener.close(resolve));
      for (const { client, server } of pairs) for (const socket of [client, server]) socket.destroy();
      await closed;
    },
  };
}

function carry(pair: Pair, faults: Faults, onClosed: () => void): void {
  const { client, server } = pair;
  const up = new PieceQueue(client, server, () => undefined);
  const down = new PieceQueue(server, client, () => undefined);
  const pace = (): Pace => ({ delayMs: faults.delayMs, pieceBytes: Number.POSITIVE_INFINITY });
  client.on('data', (bytes) => {
    if (pair.startup === '') pair.startup = bytes.toString('latin1');
    if (pair.state === 'off') client.resetAndDestroy();
    else if (pair.state === 'open') up.push(bytes, pace());
  });
  server.on('data', (bytes) => {
    if (pair.state !== 'open') return;
    if (!isLost(bytes, pair, faults)) {
      down.push(bytes, pace());
      return;
    }
    faults.losses = { ...faults.losses, times: faults.losses.times - 1 };
    faults.lost += 1;
    client.resetAndDestroy();
  });
  for (const socket of [client, server]) socket.on('error', () => undefined);
  client.on('close', () => {
    for (const queue of [up, down]) queue.stop();
    server.destroy();
    onClosed();
  });
  server.on('close', () => {
    if (pair.state === 'open') client.destroy();
  });
}

function isLost(bytes: Buffer, { startup }: Pair, faults: Faults): boolean {
  const { times, every, startup: selected } = faults.losses;
  if (times <= 0 || !startup.includes(selected) || !bytes.includes(COMMITTED)) return false;
  faults.answers += 1;
  return faults.answers % every === 0;
}
