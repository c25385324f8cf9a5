import { createWireClient, type Status, type TransportName, type WireClient } from '@everywire/client';
import type { CreateWire } from './chat-client.js';
import { type ChannelEvents, RequestChannel } from './request-channel.js';
import { type TokenSource, tokenOf } from './token-source.js';

/** Milliseconds to the next session after one ended: the first at once but for jitter, doubling up to the last. */
const pauseMs = { first: 300, last: 30_000 } as const;
/** A session that lived this long was a good one: the pause begins anew, milliseconds. */
const goodMs = 10_000;
/** How often in a row the server may refuse what a token's function gave: its next one may be good, as the last one may have been late. */
const refusalsMax = 3;
/**
 * After these no session follows by itself, and `status` stays `closed`. `replaced`: the person has more sessions than the server allows,
 * and a newer one took this one's place; taking it back would go on for ever. `wire_version`: the server speaks another version of the wire,
 * and this program has to be loaded again.
 */
const finalCodes: readonly string[] = ['replaced', 'wire_version'];

/** Verdicts after which this sign-in opens no session any more. */
export type FinalRefusal = 'revoked' | 'unauthorized';

export interface SessionLoopEvents extends Omit<ChannelEvents, 'ended'> {
  /** The session is gone; another one follows unless `signedOut` does. */
  closed(): void;
  /** The server does not accept this sign-in any more: it was ended (`revoked`), or the token is unknown or ran out (`unauthorized`). */
  signedOut(code: FinalRefusal): void;
  /** `status` changed. */
  status(): void;
}

/**
 * Keeps one session open after another, for as long as the sign-in is good. A session repairs itself over every fault of the
 * network; it ends only where it cannot keep its promise (the server restarted, it slept too long), and then the next one begins
 * and the cores catch up by their cursors.
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
  /** Tokens that the function gave and the server refused, since a session was last open. */
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

  /** `null` between sessions; before `opened` it fails what is asked. */
  get channel(): RequestChannel | null {
    return this.#channel;
  }

  /** Without effect while a session is under way. */
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

  /** A network came, or somebody looks: nobody waits for the next session then. One under way hears of it itself. */
  wake(): void {
    if (this.#timer !== null) this.start();
  }

  /** Closes cleanly. Nothing is told after it. A session that never opened has carried nothing, so no answer to its close is waited for. */
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

  /** Ends at once, without sending what waits in the session. Nothing is told after it. */
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

  /** Whether this sign-in opens no session any more. A function that failed, or whose token ran out on the way, is asked again. */
  #isFinal(code: string): code is FinalRefusal {
    if (code === 'revoked') return true;
    if (code !== 'unauthorized') return false;
    if (typeof this.#token === 'string') return true;
    if (this.#given) this.#refusals += 1;
    return this.#refusals >= refusalsMax;
  }

  #see(wire: WireClient): void {
    // What the verdict means here is said by `#ended`.
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
    this.#pause = now - startedAt > goodMs ? pauseMs.first : Math.min(this.#pause * 2, pauseMs.last);
    const wait = this.#pause * (0.5 + Math.random() / 2);
    this.#timer = setTimeout(() => this.start(), wait);
    const attempts = 'attempts' in this.#status ? this.#status.attempts : [];
    this.#status = { state: 'waiting', since: now, retryAt: now + wait, attempts };
    this.#events.status();
  }
}
