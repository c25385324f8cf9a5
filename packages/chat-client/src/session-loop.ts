import { createWireClient, type Status, type TransportName, type WireClient } from '@everywire/client';
import type { CreateWire } from './chat-client.js';
import { RequestChannel, type RequestChannelEvents } from './request-channel.js';
import { type TokenSource, tokenOf } from './token-source.js';

/**
 * Pause before the next session, in milliseconds. Doubles from `first` up to `last` while sessions are short. The
 * actual pause is random, between half of it and all of it.
 */
const pauseMs = { first: 300, last: 30_000 } as const;
/** Milliseconds after which a session counts as good. After a good session, the pause is short again. */
const GOOD_MS = 10_000;
/**
 * Number of consecutive tokens of a token function that the server may refuse before the sign-in ends. One refusal does
 * not suffice, because a token may expire while it is sent.
 */
const REFUSALS_MAX = 3;
/**
 * Codes of ended sessions after which no new session is opened, so that `status` stays `closed`. `replaced`: the user
 * exceeded the limit of sessions, and a newer session evicted the session of this client. If this client opened a
 * session again, the two would evict each other forever. `wire_version`: the server speaks another version of the wire
 * protocol, so the page must be reloaded.
 */
const finalCodes: readonly string[] = ['replaced', 'wire_version'];

/** Codes with which the server rejects the sign-in, so that it cannot open a session any more. */
export type FinalRefusal = 'revoked' | 'unauthorized';

/** Callbacks of the loop. */
export interface SessionLoopEvents extends Omit<RequestChannelEvents, 'ended'> {
  /** Called when the session has ended. Another follows, unless `signedOut` is called or `status` becomes `closed`. */
  closed(): void;
  /**
   * Called when the server rejects this sign-in, because it was ended (`revoked`) or its token is unknown or expired
   * (`unauthorized`).
   */
  signedOut(code: FinalRefusal): void;
  /** Called when `status` has changed. */
  status(): void;
}

/**
 * Keeps a session open as long as the sign-in is valid. Used by `Engine`. A session survives network faults. It ends
 * only if it cannot keep its guarantees, because the server restarted or the device slept too long. Then the loop opens
 * the next session, in which the core requests what it has missed.
 */
export class SessionLoop {
  readonly #url: string;
  readonly #token: TokenSource;
  /** Address of the server's raw TCP port; `undefined` if it is not used. */
  readonly #tcp: string | undefined;
  readonly #createWire: CreateWire;
  readonly #events: SessionLoopEvents;
  #channel: RequestChannel | null = null;
  #forced: TransportName | null;
  #status: Status = { state: 'connecting', attempts: [] };
  /** The pause before the next session, in milliseconds. */
  #pause: number = pauseMs.first;
  /** Number of tokens from the token function that the server has refused since a session was last open. */
  #refusals = 0;
  /** Whether the session that is being opened has received a token. */
  #given = false;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #stopped = false;

  constructor(
    options: {
      readonly url: string;
      readonly token: TokenSource;
      readonly transport: TransportName | null;
      readonly tcp: string | undefined;
      readonly createWire: CreateWire | undefined;
    },
    events: SessionLoopEvents,
  ) {
    this.#url = options.url;
    this.#token = options.token;
    this.#tcp = options.tcp;
    this.#createWire = options.createWire ?? createWireClient;
    this.#forced = options.transport;
    this.#events = events;
  }

  get status(): Status {
    return this.#status;
  }

  /**
   * Returns the channel of the current session; `null` between sessions. Its requests fail until `opened` is called.
   */
  get channel(): RequestChannel | null {
    return this.#channel;
  }

  /** Opens a session; a no-op while one exists. */
  start(): void {
    if (this.#channel !== null || this.#stopped) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const startedAt = Date.now();
    this.#given = false;
    const wire = this.#createWire(new URL('/everywire', this.#url).href, {
      token: () => this.#askToken(),
      ...(this.#tcp === undefined ? {} : { tcp: this.#tcp }),
    });
    if (this.#forced !== null) wire.use(this.#forced);
    wire.addEventListener('statuschange', () => this.#see(wire));
    this.#channel = new RequestChannel(wire, {
      opened: () => {
        this.#refusals = 0;
        this.#events.opened();
      },
      event: (event) => this.#events.event(event),
      dropped: () => this.#events.dropped(),
      ended: (code) => this.#ended(code, startedAt, wire.status),
    });
    this.#see(wire);
  }

  /** Forces a transport, now and for later sessions; `null` lets the client choose. */
  use(transport: TransportName | null): void {
    this.#forced = transport;
    this.#channel?.wire.use(transport);
  }

  /** Connects now instead of waiting for the end of a pause. */
  retryNow(): void {
    if (this.#channel === null) this.start();
    else this.#channel.wire.retryNow();
  }

  /**
   * Skips the pause before the next session, because the network returned or the page became visible. A no-op if a
   * session exists, because it observes these events itself.
   */
  wake(): void {
    if (this.#timer !== null) this.start();
  }

  /**
   * Closes the session cleanly and opens no other. Makes no further callbacks. Resolves when the session is closed. A
   * session that never opened is terminated without waiting for the server.
   */
  stop(): Promise<void> {
    const wire = this.#halt();
    if (wire === undefined || wire.readyState === wire.CLOSED) return Promise.resolve();
    if (wire.readyState === wire.CONNECTING) {
      wire.terminate();
      return Promise.resolve();
    }
    const closed = new Promise<void>((resolve) => wire.addEventListener('close', () => resolve(), { once: true }));
    wire.close();
    return closed;
  }

  /**
   * Ends the session immediately, without further callbacks, and opens no other. Discards messages that the session has
   * not sent.
   */
  terminate(): void {
    this.#halt()?.terminate();
  }

  #halt(): WireClient | undefined {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    return this.#channel?.wire;
  }

  async #askToken(): Promise<string> {
    const token = await tokenOf(this.#token);
    this.#given = true;
    return token;
  }

  /**
   * Returns whether this sign-in is invalid for good. A token function that failed, or whose token expired while it was
   * sent, is called again with the next session.
   */
  #isFinal(code: string): code is FinalRefusal {
    if (code === 'revoked') return true;
    if (code !== 'unauthorized') return false;
    if (typeof this.#token === 'string') return true;
    if (this.#given) this.#refusals += 1;
    return this.#refusals >= REFUSALS_MAX;
  }

  #see(wire: WireClient): void {
    // The status of an ended session is set by `#ended`, because the loop may open another.
    if (this.#stopped || wire.status.state === 'closed') return;
    this.#status = wire.status;
    this.#events.status();
  }

  /** Handles the end of a session: reports it, and schedules the next session unless there must be none. */
  #ended(code: string, startedAt: number, ended: Status): void {
    this.#channel = null;
    if (this.#stopped) return;
    this.#events.closed();
    if (this.#isFinal(code)) {
      this.#stopped = true;
      this.#events.signedOut(code);
      return;
    }
    if (finalCodes.includes(code)) {
      this.#status = ended;
      this.#events.status();
      return;
    }
    const now = Date.now();
    this.#pause = now - startedAt > GOOD_MS ? pauseMs.first : Math.min(this.#pause * 2, pauseMs.last);
    const wait = this.#pause * (0.5 + Math.random() / 2);
    this.#timer = setTimeout(() => this.start(), wait);
    const attempts = 'attempts' in this.#status ? this.#status.attempts : [];
    this.#status = { state: 'waiting', since: now, retryAt: now + wait, attempts };
    this.#events.status();
  }
}
