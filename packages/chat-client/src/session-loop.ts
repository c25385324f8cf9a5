import { createWireClient, type Status, type TransportName, type WireClient } from '@everywire/client';
import type { CreateWire } from './chat-client.js';
import { RequestChannel, type RequestChannelEvents } from './request-channel.js';
import { type TokenSource, tokenOf } from './token-source.js';

/** Milliseconds between sessions, with jitter: doubles from `first` up to `last`. */
const pauseMs = { first: 300, last: 30_000 } as const;
/** A session that lived this long resets the pause; milliseconds. */
const GOOD_MS = 10_000;
/** Consecutive refused tokens of a token function after which the sign-in ends: a token may have expired on the way. */
const REFUSALS_MAX = 3;
/**
 * Codes after which no new session is opened and `status` stays `closed`. `replaced`: the user exceeds the session limit and a
 * newer session took this one's place; taking it back would loop forever. `wire_version`: the server speaks another wire
 * version, and this program must be reloaded.
 */
const finalCodes: readonly string[] = ['replaced', 'wire_version'];

/** Verdicts after which this sign-in cannot open a session. */
export type FinalRefusal = 'revoked' | 'unauthorized';

/** Callbacks of the loop. */
export interface SessionLoopEvents extends Omit<RequestChannelEvents, 'ended'> {
  /** The session is gone; another follows unless `signedOut` is called. */
  closed(): void;
  /** The server rejects this sign-in: it was ended (`revoked`), or the token is unknown or expired (`unauthorized`). */
  signedOut(code: FinalRefusal): void;
  /** `status` changed. */
  status(): void;
}

/**
 * Keeps a session open as long as the sign-in is valid. A session survives network faults; it ends only if it cannot keep its
 * guarantees (the server restarted, the device slept too long), and then the next one begins and the cores catch up by their
 * cursors.
 */
export class SessionLoop {
  readonly #url: string;
  readonly #token: TokenSource;
  readonly #tcp: string | undefined;
  readonly #createWire: CreateWire;
  readonly #events: SessionLoopEvents;
  #channel: RequestChannel | null = null;
  #forced: TransportName | null;
  #status: Status = { state: 'connecting', attempts: [] };
  #pause: number = pauseMs.first;
  /** Tokens of the function that the server refused since a session was last open. */
  #refusals = 0;
  /** Whether the session being opened was given a token. */
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

  /** Returns the current channel; `null` between sessions. Before `opened` its requests fail. */
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

  use(transport: TransportName | null): void {
    this.#forced = transport;
    this.#channel?.wire.use(transport);
  }

  retryNow(): void {
    if (this.#channel === null) this.start();
    else this.#channel.wire.retryNow();
  }

  /**
   * Skips the pause before the next session, because the network returned or the page became visible. An existing session
   * detects that itself.
   */
  wake(): void {
    if (this.#timer !== null) this.start();
  }

  /** Closes cleanly, without further callbacks. A session that never opened is terminated without waiting for the server. */
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

  /** Ends immediately, discarding what waits in the session, without further callbacks. */
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
   * Returns whether this sign-in is invalid for good. A token function that failed, or whose token expired on the way, is
   * called again.
   */
  #isFinal(code: string): code is FinalRefusal {
    if (code === 'revoked') return true;
    if (code !== 'unauthorized') return false;
    if (typeof this.#token === 'string') return true;
    if (this.#given) this.#refusals += 1;
    return this.#refusals >= REFUSALS_MAX;
  }

  #see(wire: WireClient): void {
    // `#ended` reports what the verdict means here.
    if (this.#stopped || wire.status.state === 'closed') return;
    this.#status = wire.status;
    this.#events.status();
  }

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
