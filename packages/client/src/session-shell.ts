// Over 300 lines: everything the machine asks of a shell is one interface, over one table of links.
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
import { Alarm } from './alarm.js';
import { provenLifeMs, waitingLeastMs } from './limits.js';
import { randomFraction, randomWord } from './random.js';
import type { Carrier, CarrierEvents, TransportRow } from './transport.js';
import { TransportChoice } from './transport-choice.js';
import type { TransportTable } from './transport-table.js';
import { listenForWaking } from './waking.js';
import type { Status, TransportName, WireClientOptions } from './wire-client.js';

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

const now = (): number => performance.now();

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
  readonly #choice: TransportChoice;
  readonly #alarm: Alarm = new Alarm((slept) => this.#onRing(slept));
  readonly #deafen: () => void;
  #attachedAt = 0;
  /** Why the link that is being reported failed: an `Attempt.reason`. */
  #reason = '';
  #token: string | undefined;
  /** The token is known; before that nothing may be opened, whatever is sent or happens to the page. */
  #started = false;
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
    this.session = new ClientSession(this, { instance: randomWord() });
    this.#choice = new TransportChoice(table, options.transports, ({ createRequests }) => {
      this.session.requests = createRequests(this.session);
    });
    this.#deafen = listenForWaking({
      onShow: this.#wake,
      onOnline: () => this.retryNow(),
      onVisibility: (hidden) => this.#hide(hidden),
    });
    Promise.all([this.#askToken(), this.#choice.ready()]).then(
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
    const { attempts } = this.#choice;
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
    this.#choice.restrict(transport ? [transport] : this.#options.transports);
    this.#choice.load().then(() => {
      this.session.switchTo(this.choose(), now());
      this.#arm();
    });
  }

  retryNow(): void {
    this.#choice.forget();
    queueMicrotask(this.#wake);
  }

  close(): void {
    this.#closing = true;
    this.session.close();
    this.#events.onChange();
  }

  // ---- ClientIo: what the machine asks for

  choose(): Transport {
    return this.#choice.choose();
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
    this.#deafen();
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
    const proven = useful && now() - this.#attachedAt >= provenLifeMs;
    const streams = row.kind === 'stream' && (reason === 'buffered' || reason === 'timeout');
    this.#choice.failed({ row, now: now(), proven, streams }, reason);
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
    return randomFraction();
  }

  nonce(): string {
    return Array.from({ length: 4 }, () => randomWord().toString(16).padStart(8, '0')).join('');
  }

  token(): string | undefined {
    return this.#token;
  }

  // ---- what carriers report

  #carrierEvents(link: ClientLinkView, state: LinkState): CarrierEvents {
    const { session } = this;
    // A carrier may still talk after its link has ended; the machine does not know such a link any more.
    return {
      onOpened: () => {
        state.opened = true;
        if (link.kind === 'duplex') session.linkOpened(link, now());
      },
      onRecord: (record) => {
        if (record.t === 'attached') {
          state.attached = true;
          this.#attachedAt = now();
        }
        session.record(link, record as ServerRecord, now());
      },
      onMessage: (message) => session.message(link, message, now()),
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

  #arm(): void {
    this.#alarm.set(Math.min(this.session.nextTickAt, this.#upgrade()?.at ?? Number.POSITIVE_INFINITY));
  }

  #onRing(slept: boolean): void {
    if (slept) this.session.wake(now());
    this.session.tick(now());
    const upgrade = this.#upgrade();
    if (upgrade && upgrade.at <= now()) this.session.switchTo(upgrade.row, now());
    this.#events.onChange();
    this.#arm();
  }

  /** A better transport to be tried behind the one in use; none while another is being tried. */
  #upgrade(): ReturnType<TransportChoice['upgrade']> {
    if (this.#since || this.#closing || this.session.done) return undefined;
    for (const [{ transport }, { attached }] of this.#links) {
      if (transport && transport !== this.#inUse && !attached) return undefined;
    }
    return this.#choice.upgrade(this.#inUse!);
  }

  async #askToken(): Promise<void> {
    this.#token = await this.#options.token?.();
  }

  #wake = (): void => {
    if (!this.#started) return;
    this.session.wake(now());
    this.#arm();
  };

  #hide(hidden: boolean): void {
    if (!this.#started) return;
    this.session.hidden(hidden, now());
    if (!hidden) this.#wake();
  }
}
