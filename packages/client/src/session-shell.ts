import type { Verdict } from '@everywire/protocol';
import {
  type ClientIo,
  type ClientLinkView,
  type ClientRecord,
  ClientSession,
  type LinkEnd,
  type Message,
  type MessageSource,
  type ServerRecord,
  type Transport,
} from '@everywire/protocol/internal';
import type { Chooser, Failure } from './chooser.js';
import { attemptsMax, provenLifeMs, sleptMs, waitingLeastMs } from './limits.js';
import type { Carrier, CarrierEvents, FallbackModule, TransportRow, TransportTable } from './transport.js';
import type { Attempt, Status, TransportName, WireClientOptions } from './wire-client.js';

/** What the face of the session wants to hear. */
export interface ShellEvents {
  /** The message is acknowledged when this returns (SN-6). */
  onMessage(message: Message): void;
  onDrain(): void;
  /** Messages of this hint topic were dropped by the server (SN-23). */
  onReset(topic: string): void;
  /** `status` may have changed. */
  onChange(): void;
  /** Once; nothing comes after it. */
  onEnd(verdict: Verdict): void;
}

/** The shell's own state of one link, from `connect` until it ends. */
interface LinkState {
  carrier?: Carrier;
  /** A two-way link is open, or the head of a stream's answer came. */
  opened?: boolean;
  attached?: boolean;
}

const never: number = Number.POSITIVE_INFINITY;

const now = (): number => performance.now();

const random = (): number => crypto.getRandomValues(new Uint32Array(1))[0]!;

/**
 * Runs one session over the transports of a platform: does what the machine asks for, chooses transports, keeps the clock.
 * It holds no rule of the session.
 */
export class SessionShell implements ClientIo {
  readonly session: ClientSession;
  readonly #url: string;
  readonly #table: TransportTable;
  readonly #options: WireClientOptions;
  readonly #events: ShellEvents;
  readonly #links: Map<ClientLinkView, LinkState> = new Map();
  #allowed!: readonly TransportRow[];
  /** Loaded at the first failure, with all it needs to offer another transport; the failures until then. */
  #fallback: FallbackModule | undefined;
  #chooser: Chooser | undefined;
  #failures: Failure[] = [];
  #attachedAt = 0;
  #attempts: readonly Attempt[] = [];
  /** Why the link that is being reported failed: an `Attempt.reason`. */
  #reason = '';
  #token: string | undefined;
  /** The token is known; before that nothing may be opened, whatever is sent or happens to the page. */
  #started = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When the timer fires, by the machine's clock and by the wall clock. */
  #due = never;
  #wallDue = 0;
  /** Since when nothing is attached, by the wall clock; 0 while something is. */
  #since: number = Date.now();
  /** The transport attached last; what is only being tried is not in use yet. */
  #inUse: TransportRow | undefined;
  #closing = false;
  /** As last shown in `status`. */
  #roundTripMs: number | null = null;

  constructor(url: string, table: TransportTable, options: WireClientOptions, events: ShellEvents) {
    this.#url = url;
    this.#table = table;
    this.#options = options;
    this.#events = events;
    this.#force(options.transports);
    this.session = new ClientSession(this, { instance: random() });
    this.#listen(true);
    Promise.all([this.#askToken(), this.#allowed[0]!.kind !== 'duplex' && this.#loadFallback()]).then(
      () => {
        this.#started = true;
        if (globalThis.document?.hidden) this.session.hidden(true, now());
        this.session.start(now());
      },
      () => this.session.fail('unauthorized'),
    );
  }

  // ---- the face's wishes; they may come from inside a message handler, so what drives the machine waits for the turn's end

  get status(): Status {
    const { session } = this;
    const attempts = this.#attempts;
    if (session.done) return { state: 'closed', verdict: session.done };
    if (this.#closing) return { state: 'closing' };
    if (!this.#since) {
      const { roundTripMs } = session;
      const shown = this.#roundTripMs;
      // Every answer moves it a little; only what a person would call a change is one.
      const moved = shown === null || Math.abs((roundTripMs ?? 0) - shown) > 5 + shown / 4;
      if (roundTripMs && moved) this.#roundTripMs = Math.ceil(roundTripMs);
      return { state: 'open', transport: this.#inUse!.name, roundTripMs: this.#roundTripMs, attempts };
    }
    const since = this.#since;
    const waitMs = (session.retryAt ?? 0) - now();
    if (waitMs > waitingLeastMs) return { state: 'waiting', since, retryAt: Math.round(Date.now() + waitMs), attempts };
    return this.#inUse ? { state: 'reconnecting', since, attempts } : { state: 'connecting', attempts };
  }

  use(transport: TransportName | null): void {
    this.#force(transport ? [transport] : this.#options.transports);
    this.#loadFallback().then(() => {
      this.session.switchTo(this.choose(), now());
      this.#arm();
    });
  }

  retryNow(): void {
    this.#chooser?.forget();
    queueMicrotask(this.#wake);
  }

  close(): void {
    this.#closing = true;
    this.session.close();
    this.#events.onChange();
  }

  // ---- ClientIo: what the machine asks for

  choose(): Transport {
    // Until there is a choice, which is a moment after the first failure, the first is tried again.
    return this.#chooser?.choose() ?? this.#allowed[0]!;
  }

  connect(link: ClientLinkView, head: ClientRecord | undefined, messages: readonly Message[]): void {
    const row = link.transport as TransportRow | null;
    const state: LinkState = {};
    this.#links.set(link, state);
    const events = this.#carrierEvents(link, state);
    const { messageBytesMax } = this.session.limits;
    const fetch = this.#options.fetch ?? ((input, init) => globalThis.fetch(input, init));
    const load = row ? row.load : this.#table.fallback;
    load()
      .then((module) => {
        if (!this.#links.has(link)) return;
        state.carrier = module.connect({ url: this.#url, head, messages, fetch, messageBytesMax }, events);
      })
      // The platform refused at once, or the module could not be loaded.
      .catch(() => events.onEnded(false, 'refused'));
    this.#arm();
  }

  writeRecord(link: ClientLinkView, record: ClientRecord): void {
    this.#links.get(link)?.carrier?.writeRecord?.(record);
  }

  writeMessages(link: ClientLinkView, source: MessageSource, first: number, last: number): void {
    this.#links.get(link)?.carrier?.writeMessages?.(source, first, last);
  }

  end(link: ClientLinkView, reason: LinkEnd): void {
    const state = this.#links.get(link);
    if (!state) return;
    this.#links.delete(link);
    state.carrier?.close();
    // A stream says something at once (SN-13): where its answer has begun, or others get through, this one is held back.
    const early = link.kind === 'stream' && (state.opened || !this.#since) ? 'buffered' : 'timeout';
    this.#reason = reason !== 'silent' ? 'damaged' : state.attached ? reason : early;
  }

  deliver(message: Message): void {
    this.#events.onMessage(message);
    this.session.consumed(message);
  }

  ended(verdict: Verdict): void {
    // The timer goes on: the machine may still have to tell the server.
    this.#listen(false);
    this.#events.onEnd(verdict);
  }

  drain(): void {
    this.#events.onDrain();
  }

  changed(): void {
    const { attached, current } = this.session;
    if (attached) {
      this.#since = 0;
      this.#inUse = current!.transport as TransportRow;
    } else this.#since ||= Date.now();
    this.#events.onChange();
    this.#arm();
  }

  /** What the chooser wants to know of it comes with `failed`. */
  proven(): void {}

  failed(transport: Transport, useful: boolean): void {
    const row = transport as TransportRow;
    const reason = this.#reason;
    this.#attempts = [...this.#attempts.slice(1 - attemptsMax), { transport: row.name, at: Date.now(), reason }];
    const failure: Failure = {
      row,
      now: now(),
      proven: useful && now() - this.#attachedAt >= provenLifeMs,
      streams: row.kind === 'stream' && (reason === 'buffered' || reason === 'timeout'),
    };
    if (this.#chooser) this.#chooser.failed(failure);
    else if (this.#failures.length < attemptsMax) this.#failures.push(failure);
    this.#loadFallback();
    // A token may have expired while the server was away; the machine waits before it tries again anyway.
    if (!this.session.id) this.#askToken().catch(() => undefined);
    this.#events.onChange();
  }

  reset(topic: string): void {
    this.#events.onReset(topic);
  }

  schedule(): void {
    queueMicrotask(() => {
      if (this.#started) this.session.flush(now());
    });
  }

  timer(): void {
    this.#arm();
  }

  random(): number {
    return random() / 2 ** 32;
  }

  nonce(): string {
    // Not `randomUUID`: pages on plain HTTP do not have it.
    return Array.from({ length: 4 }, () => random().toString(16).padStart(8, '0')).join('');
  }

  token(): string | undefined {
    return this.#token;
  }

  // ---- what carriers report

  #carrierEvents(link: ClientLinkView, state: LinkState): CarrierEvents {
    const { session } = this;
    // A carrier may still talk after its link ended: nobody listens.
    const live = (): boolean => this.#links.has(link);
    return {
      onOpened: () => {
        if (!live()) return;
        state.opened = true;
        if (link.kind === 'duplex') session.linkOpened(link, now());
      },
      onRecord: (record) => {
        if (!live()) return;
        if (record.t === 'attached') {
          state.attached = true;
          this.#attachedAt = now();
        }
        session.record(link, record as ServerRecord, now());
      },
      onMessage: (message) => {
        if (live()) session.message(link, message, now());
      },
      onEnded: (whole, reason) => this.#linkEnded(link, whole, reason),
    };
  }

  #linkEnded(link: ClientLinkView, whole: boolean, reason?: string): void {
    const state = this.#links.get(link);
    if (!state) return;
    this.#links.delete(link);
    const worked = state.attached || (!this.#since && link.transport === this.#inUse);
    this.#reason = reason ?? (worked ? 'cut' : state.opened ? 'blocked' : 'refused');
    this.session.linkEnded(link, whole, now());
    this.#events.onChange();
    this.#arm();
  }

  // ---- the clock

  /** Arms the one timer for whatever is due first. One that is armed too early fires and arms itself anew. */
  #arm(): void {
    const due = Math.min(this.session.nextTickAt, this.#upgrade()?.at ?? never);
    if (due >= this.#due && due !== never) return;
    clearTimeout(this.#timer);
    this.#due = due;
    if (due === never) return;
    const waitMs = Math.min(Math.max(0, due - now()), 2 ** 31 - 1);
    this.#wallDue = Date.now() + waitMs;
    this.#timer = setTimeout(this.#onTimer, waitMs);
  }

  #onTimer = (): void => {
    this.#due = never;
    if (Date.now() - this.#wallDue > sleptMs) this.session.wake(now());
    this.session.tick(now());
    const upgrade = this.#upgrade();
    if (upgrade && upgrade.at <= now()) this.session.switchTo(upgrade.row, now());
    this.#events.onChange();
    this.#arm();
  };

  /** A better transport to be tried behind the one in use; none while another is being tried. */
  #upgrade(): ReturnType<Chooser['upgrade']> {
    if (this.#since || this.#closing || this.session.done) return undefined;
    for (const [{ transport }, { attached }] of this.#links) {
      if (transport && transport !== this.#inUse && !attached) return undefined;
    }
    return this.#chooser?.upgrade(this.#inUse!);
  }

  // ---- the rest

  #force(names: readonly TransportName[] | undefined): void {
    const { rows } = this.#table;
    const allowed = names ? rows.filter((row) => names.includes(row.name)) : rows;
    if (allowed.length === 0) throw new RangeError('transports');
    this.#allowed = allowed;
    this.#offer();
  }

  /** Never rejects: what cannot be loaded now is asked for again at the next failure. */
  async #loadFallback(): Promise<void> {
    const module = this.#fallback ?? (await this.#table.fallback().catch(() => undefined));
    if (!module || this.#fallback) return;
    this.#fallback = module;
    this.session.requests = module.createRequests(this.session);
    this.#offer();
    for (const failure of this.#failures.splice(0)) this.#chooser?.failed(failure);
  }

  #offer(): void {
    this.#chooser = this.#fallback?.createChooser(this.#allowed, () => this.random());
  }

  async #askToken(): Promise<void> {
    this.#token = await this.#options.token?.();
  }

  #wake = (): void => {
    if (!this.#started) return;
    this.session.wake(now());
    this.#arm();
  };

  #onOnline = (): void => this.retryNow();

  #onVisible = (): void => {
    if (!this.#started) return;
    this.session.hidden(document.hidden, now());
    if (!document.hidden) this.#wake();
  };

  /** Whatever may mean that the device woke up or changed its network (SN-15). Node has none of these. */
  #listen(on: boolean): void {
    const change = on ? 'addEventListener' : 'removeEventListener';
    globalThis[change]?.('online', this.#onOnline);
    globalThis[change]?.('pageshow', this.#wake);
    globalThis.document?.[change]('visibilitychange', this.#onVisible);
  }
}
