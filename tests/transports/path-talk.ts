import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createWireClient, type Status, type WireClient, type WireClientOptions } from '@everywire/client';
import { createWireServer, type WireServer, type WireSession } from '@everywire/server';
import { createNetworkPath, type NetworkPath, openPath, type PathRules } from '@everywire/testkit';

/** How long to wait for a condition. Very long, because a slow machine must not look like an error. */
const DEADLINE_MS = 100_000;

/** The content of a message. */
export type Content = string | Uint8Array<ArrayBuffer>;

/**
 * A real client and a real server with a simulated network between them, such as one that refuses WebSockets. Records the
 * messages that each application received.
 */
export class PathTalk {
  readonly server: WireServer;
  readonly client: WireClient;
  readonly path: NetworkPath;
  /** The messages that the server has received. */
  readonly up: (string | Uint8Array)[] = [];
  /** The messages that the client has received. */
  readonly down: (string | Uint8Array)[] = [];
  /** The states of the client, in order, one per change. */
  readonly states: Status['state'][] = [];
  session: WireSession | null = null;
  sessions = 0;
  readonly #http: Server;
  #check: () => void = () => undefined;

  /** Starts everything. `behind` may start something between the network and the server, and returns its port. */
  static async start(
    rules: Partial<PathRules>,
    options: Partial<WireClientOptions> = {},
    behind: (serverPort: number) => Promise<number> = async (port) => port,
  ): Promise<PathTalk> {
    const http = createServer((_request, answer) => answer.writeHead(404).end());
    await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
    const target = await behind((http.address() as AddressInfo).port);
    const path = await createNetworkPath(target, { ...openPath(), ...rules });
    return new PathTalk(http, path, options);
  }

  private constructor(http: Server, path: NetworkPath, options: Partial<WireClientOptions>) {
    this.#http = http;
    this.path = path;
    this.server = createWireServer({
      limits: { messageBytesMax: 1_048_576, tickMs: 10 },
      onSession: (session) => {
        this.session = session;
        this.sessions++;
        session.onMessage = (data) => {
          this.up.push(data);
          this.#check();
        };
      },
    });
    this.server.attach(http);
    this.client = createWireClient(`http://127.0.0.1:${path.port}/everywire`, { shortPollMs: 80, ...options });
    this.client.binaryType = 'arraybuffer';
    this.client.onmessage = ({ data }) => {
      this.down.push(typeof data === 'string' ? data : new Uint8Array(data));
      this.#check();
    };
    this.client.addEventListener('statuschange', () => {
      if (this.states.at(-1) !== this.client.status.state) this.states.push(this.client.status.state);
      this.#check();
    });
  }

  /**
   * Waits for a condition that messages or the status bring about.
   *
   * @throws Error with the progress of both ends at the deadline
   */
  until(fact: () => boolean, deadlineMs: number = DEADLINE_MS): Promise<void> {
    return new Promise((done, failed) => {
      const timer = setTimeout(() => failed(new Error(this.#describe())), deadlineMs);
      this.#check = () => {
        if (!fact()) return;
        clearTimeout(timer);
        done();
      };
      this.#check();
    });
  }

  async stop(): Promise<void> {
    this.client.terminate();
    await this.path.close();
    await this.server.close({ deadlineMs: 0 });
    await new Promise((done) => this.#http.close(done));
  }

  #describe(): string {
    const { up, down, states, path } = this;
    const standing = { up: up.length, down: down.length, states, status: this.client.status, counters: path.counters };
    return `Not done in time: ${JSON.stringify(standing)}`;
  }
}

/**
 * Returns a text of about this many bytes in UTF-8, with characters of one to three bytes and some that JSON must
 * escape.
 */
export function textOf(bytes: number, seed: number): string {
  const words = `${seed} "quoted" 你好 `;
  return words.repeat(Math.ceil(bytes / 10)).slice(0, Math.max(1, Math.floor(bytes / 1.3)));
}

/** Returns binary data, which depends on `seed`. */
export function bytesOf(length: number, seed: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, at) => (at * 7 + seed) & 255);
}

/** Converts texts and bytes to texts for comparison. */
export function plain(data: string | Uint8Array): string {
  return typeof data === 'string' ? data : Buffer.from(data).toString('hex');
}
