import {
  type ClientRecord,
  encodeJsonBody,
  type Message,
  messageFromBytes,
  messageFromText,
  type ServerLink,
  type ServerRecord,
  type ServerSession,
  SessionRegistry,
} from '@everywire/protocol/internal';
import { SessionController } from '../session-controller.js';
import type { Carrier, CarrierEvents, Connect, TransportEntry } from '../transport.js';
import type { FallbackModule, TransportTable } from '../transport-table.js';
import type { TransportName } from '../wire-client.js';

/**
 * A simulated fault of the network for one transport. `refuse`: connections are refused. `silence`: nothing arrives.
 * `withhold`: the response head arrives, and nothing after it. `kill`: connections break after a while.
 */
export type Fault = 'refuse' | 'silence' | 'withhold' | 'kill';

/** Time of each message or record on its way through the network, in one direction. */
const LATENCY_MS = 5;
/** How long a carrier lives under the fault `kill`, in milliseconds. */
const KILLED_AFTER_MS = 100;
const now = (): number => performance.now();

/**
 * One carrier (connection or request) between a client's shell and the server's registry of sessions. Both are in this
 * process, over a simulated network.
 */
interface Pipe {
  readonly name: TransportName | 'post';
  /** The callbacks of the client's shell. */
  readonly events: CarrierEvents;
  /** The server's end; `undefined` before the carrier has arrived there. */
  link: ServerLink | undefined;
  open: boolean;
  /** Whether everything from the server to the client is lost (fault `withhold`). */
  withheld: boolean;
}

/**
 * A server in memory with real sessions and no sockets, for tests. Its time is that of the timers, which tests make
 * virtual.
 */
export class MemoryServer {
  /** The simulated fault of each transport; `post` stands for all bodies (POSTs with messages). */
  readonly faults: Map<TransportName | 'post', Fault> = new Map();
  /** Names of the transports of all requested carriers, in order. */
  readonly connects: string[] = [];
  /** Messages delivered to the server's application. */
  readonly received: (string | Uint8Array)[] = [];
  /** The token of each `open`, and each token received later. The token `wrong` is refused. */
  readonly tokens: (string | undefined)[] = [];
  /** How long a token received in the session is valid, in milliseconds (SN-21). */
  leaseMs: number = Number.POSITIVE_INFINITY;
  /** All open carriers. */
  readonly pipes: Set<Pipe> = new Set();
  /** The sessions. */
  registry!: SessionRegistry;
  /** Whether the server is unreachable by every transport. */
  down = false;
  /** The refusal of every `open`; `undefined` to accept it. */
  refusal: { readonly code: string; readonly retryAfterMs?: number } | undefined;
  /** How long the client's second stage takes to load, in milliseconds; `Infinity` if it cannot be loaded. */
  loadMs = 45;
  /** Additional latency of each transport, in milliseconds. */
  readonly slowMs: Map<TransportName | 'post', number> = new Map();
  /** Whether the server accepts records in the opening handshake of a WebSocket (TR-40). */
  takesHeads = true;
  /** Maximum bytes of a request; a longer one is answered by 413. */
  bodyBytesMax: number = Number.POSITIVE_INFINITY;
  #ids = 0;
  #loaded = false;
  #ticker: ReturnType<typeof setInterval>;

  constructor() {
    this.restart();
    this.#ticker = setInterval(() => this.#tick(), 50);
  }

  /** Creates a new registry, as after a crash, so that no session is known. */
  restart(): void {
    this.cut();
    this.registry = new SessionRegistry({
      schedule: () => queueMicrotask(() => this.registry.flush(now())),
      sooner: () => undefined,
      id: () => `session-${++this.#ids}`,
    });
  }

  /** Returns the open carriers of one transport. */
  carriersOf(name: TransportName | 'post'): readonly Pipe[] {
    return [...this.pipes].filter((pipe) => pipe.name === name);
  }

  /** Cuts every open carrier at both ends. */
  cut(): void {
    for (const pipe of this.pipes) this.#die(pipe);
  }

  /** Stops the timer and cuts all carriers. Call it at the end of each test. */
  stop(): void {
    clearInterval(this.#ticker);
    this.cut();
  }

  /** The oldest session; `undefined` if there is none. */
  get session(): ServerSession | undefined {
    return [...this.registry.sessions()][0];
  }

  /** Sends a message to the client of that session. */
  send(text: string): void {
    this.session?.send(messageFromText(text));
  }

  /** Returns the transports of a client that connects to this server. */
  table(): TransportTable {
    const row = (name: TransportName, kind: TransportEntry['kind']): TransportEntry => ({
      name,
      kind,
      load: async () => ({ connect: this.#connector(name, kind) }),
    });
    return {
      rows: [
        row('websocket', 'duplex'),
        row('fetch-stream', 'stream'),
        row('event-stream', 'stream'),
        row('long-poll', 'poll'),
      ],
      usual: /./,
      fallback: () => this.#fallback(),
    };
  }

  /** Simulates the import of the client's second stage, which contains everything but the first connection. */
  async #fallback(): Promise<FallbackModule> {
    const module = { connect: this.#connector('post', 'post'), SessionController: SessionController };
    // The module was loaded before, so it is available immediately.
    if (this.#loaded) return module;
    if (this.loadMs === Number.POSITIVE_INFINITY) throw new TypeError('Failed to fetch dynamically imported module');
    if (this.loadMs > 0) await new Promise((resolve) => setTimeout(resolve, this.loadMs));
    this.#loaded = true;
    return module;
  }

  /** Calls the timers of all sessions. */
  #tick(): void {
    this.registry.tick(now());
    for (const session of this.registry.sessions()) if (session.nextTickAt <= now()) session.tick(now());
  }

  /** Returns the function that starts a carrier of a transport to this server. */
  #connector(name: TransportName | 'post', kind: TransportEntry['kind'] | 'post'): Connect {
    return (request, events): Carrier => {
      this.connects.push(name);
      const pipe: Pipe = { name, events, link: undefined, open: true, withheld: false };
      this.pipes.add(pipe);
      const fault = this.down ? 'refuse' : this.faults.get(name);
      if (fault !== 'silence')
        setTimeout(
          () => this.#arrive(pipe, kind, fault, request.head, request.messages),
          // A new connection takes a round trip of its own.
          (kind === 'duplex' ? 3 : 1) * LATENCY_MS + (this.slowMs.get(name) ?? 0),
        );
      return {
        writeRecord: (record) => this.#up(pipe, () => this.#record(pipe, record, [])),
        writeMessages: (source, first, last) => {
          for (let number = first; number <= last; number++) {
            const copy = copyOf(source.messageAt(number));
            this.#up(pipe, () => pipe.link?.message(copy, now()));
          }
        },
        close: () => {
          pipe.open = false;
          this.pipes.delete(pipe);
          setTimeout(() => pipe.link?.ended(now()), LATENCY_MS);
        },
      };
    };
  }

  /** Handles a carrier that has arrived at the server. */
  #arrive(
    pipe: Pipe,
    kind: TransportEntry['kind'] | 'post',
    fault: Fault | undefined,
    head: ClientRecord | undefined,
    messages: readonly Message[],
  ): void {
    if (!pipe.open) return;
    if (fault === 'refuse') {
      this.#die(pipe, 'refused');
      return;
    }
    if (kind !== 'duplex' && head && encodeJsonBody(head, messages).length > this.bodyBytesMax) {
      this.#die(pipe, 'too_large');
      return;
    }
    pipe.withheld = fault === 'withhold';
    pipe.link = this.registry.link(kind, pipe.name, {
      writeRecord: (record) => this.#downward(pipe, () => pipe.events.onRecord(record)),
      writeMessages: (source, first, last) => {
        for (let number = first; number <= last; number++) {
          const copy = copyOf(source.messageAt(number));
          this.#downward(pipe, () => pipe.events.onMessage(copy));
        }
      },
      end: () => this.#downward(pipe, () => this.#die(pipe, undefined, true)),
    });
    const taken = kind !== 'duplex' || this.takesHeads;
    if (kind !== 'duplex') pipe.events.onOpened();
    else {
      const { withheld } = pipe;
      pipe.withheld = false;
      this.#downward(pipe, () => pipe.events.onOpened(taken && head !== undefined));
      pipe.withheld = withheld;
    }
    if (head && taken) this.#record(pipe, head, messages.map(copyOf));
    if (fault === 'kill') setTimeout(() => this.#die(pipe), KILLED_AFTER_MS);
  }

  /** Handles a record of the client, with the messages of the same request. */
  #record(pipe: Pipe, record: ClientRecord, messages: readonly Message[]): void {
    if (!pipe.link) return;
    if (record.t !== 'open') {
      pipe.link.record(record, messages, now());
      return;
    }
    this.tokens.push(record.token);
    const refusal = record.token === 'wrong' ? { code: 'unauthorized' } : this.refusal;
    if (refusal) {
      const refused: ServerRecord = { t: 'refused', ...refusal, nonce: record.nonce };
      this.#downward(pipe, () => pipe.events.onRecord(refused));
      this.#downward(pipe, () => this.#die(pipe, undefined, true));
      return;
    }
    this.registry.open(
      pipe.link,
      record,
      messages,
      (session) => ({
        begun: () => undefined,
        confirmed: () => undefined,
        deliver: (message) => {
          this.received.push(message.data);
          queueMicrotask(() => session.consumed(message));
        },
        recall: () => [],
        token: (token) => {
          this.tokens.push(token);
          if (token !== 'wrong') session.renew(now() + this.leaseMs, now());
        },
        ended: () => undefined,
        drain: () => undefined,
        changed: () => undefined,
      }),
      now(),
    );
  }

  /** Transmits something to the server, after the latency. */
  #up(pipe: Pipe, work: () => void): void {
    setTimeout(() => {
      if (pipe.open) work();
    }, LATENCY_MS);
  }

  /** Transmits something to the client, after the latency. */
  #downward(pipe: Pipe, work: () => void): void {
    if (pipe.withheld) return;
    setTimeout(() => {
      if (pipe.open) work();
    }, LATENCY_MS);
  }

  /** Ends a carrier at both ends. `whole`: regularly, such as a complete response. */
  #die(pipe: Pipe, reason?: string, whole = false): void {
    if (!pipe.open) return;
    pipe.open = false;
    this.pipes.delete(pipe);
    pipe.link?.ended(now());
    pipe.events.onEnded(whole, reason);
  }
}

/** Returns a new message with the same content, as the other end would decode it. */
function copyOf(message: Message): Message {
  return message.binary ? messageFromBytes(message.bytes.slice()) : messageFromText(message.text);
}
