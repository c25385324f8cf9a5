import type { Verdict } from '@everywire/protocol';
import {
  type ClientLinkView,
  type ClientRecord,
  type ClientSession,
  ClientStart,
  type Message,
  type MessageSource,
  type ServerRecord,
  type Transport,
} from '@everywire/protocol/internal';
import { now } from './clock.js';
import { MODULE_RETRY_FIRST_MS, MODULE_RETRY_MAX_MS } from './limits.js';
import { randomWords } from './random.js';
import type { ClientFacade, LinkState, SecondStage, Shell } from './stages.js';
import type { CarrierEvents, TransportEntry } from './transport.js';
import type { TransportTable } from './transport-table.js';
import type { Status, TransportName, WireClientOptions } from './wire-client.js';

/**
 * Runs one session over the transports of a platform: loads and starts carriers (objects that transmit records and messages over one
 * connection or request), and passes their reports to the session. It contains no rules of the session. It begins with the first stage of
 * the session, which can only open a two-way link. `SessionController`, the second stage, is loaded in parallel and takes over. It chooses
 * and replaces transports and keeps the timer.
 */
export class ClientShell implements Shell {
  declare session: ClientStart | ClientSession;
  declare care: SecondStage | undefined;
  declare readonly socket: ClientFacade;
  readonly links: Map<ClientLinkView, LinkState> = new Map();
  declare rows: readonly TransportEntry[];
  declare started: boolean | undefined;
  declare closing: boolean | undefined;
  declare readonly url: string;
  declare protected readonly table: TransportTable;
  declare readonly options: WireClientOptions;
  #token: string | undefined;
  #joined: Promise<SecondStage> | undefined;

  /** @throws RangeError if `transports` names no transport that exists */
  constructor(url: string, table: TransportTable, options: WireClientOptions, socket: ClientFacade) {
    this.url = url;
    this.table = table;
    this.options = options;
    this.socket = socket;
    this.rows = allowedRows(table, options.transports);
    this.begin();
  }

  /** Creates the first stage of the session. */
  protected begin(): void {
    this.session = new ClientStart(this, { instance: randomWords(1)[0]! });
    this.askToken().then(
      () => {
        // The first stage can only open a two-way link. For any other transport, the second stage must be loaded first.
        if (this.rows[0]!.kind === 'duplex') this.#start();
        else this.join(() => this.#start());
      },
      () => this.session.fail('unauthorized'),
    );
  }

  // ---- calls of the application. They may come during a message handler, so what the session sends in them waits until the tick ends

  get stated(): Status {
    const { session, care } = this;
    const { done: verdict } = session.flow;
    if (verdict) return { state: 'closed', verdict };
    if (this.closing) return { state: 'closing' };
    if (care) return care.stated;
    const { transport } = session as ClientStart;
    return transport
      ? {
          state: 'open',
          transport: (transport as TransportEntry).name,
          // The second stage decides what to show of the round trip.
          roundTripMs: null,
          attempts: [],
        }
      : { state: 'connecting', attempts: [] };
  }

  /** Restricts the transports to one, or with `null` lifts the restriction. @throws RangeError if there is no such transport */
  use(transport: TransportName | null): void {
    this.rows = allowedRows(this.table, transport ? [transport] : this.options.transports);
    this.join((care) => care.useRows());
  }

  close(): void {
    this.closing = true;
    this.session.close();
    this.socket.changed();
  }

  // ---- StartIo: calls of the session

  choose(): Transport {
    return this.rows[0]!;
  }

  connect(link: ClientLinkView, head: ClientRecord | undefined, messages: readonly Message[]): void {
    const state: LinkState = {};
    this.links.set(link, state);
    const events = this.events(link, state);
    const request = {
      url: this.url,
      head,
      messages,
      fetch: this.options.fetch,
      messageBytesMax: this.session.flow.limits.messageBytesMax,
    };
    ((link.transport as TransportEntry | null)?.load ?? this.table.fallback)()
      .then((module) => {
        if (this.links.has(link)) state.carrier = module.connect(request, events);
      })
      // The platform refused the carrier immediately, or its module could not be loaded.
      .catch(() => events.onEnded(false, 'refused'));
  }

  writeRecord(link: ClientLinkView, record: ClientRecord): void {
    this.links.get(link)?.carrier?.writeRecord?.(record);
  }

  writeMessages(link: ClientLinkView, source: MessageSource, first: number, last: number): void {
    this.links.get(link)?.carrier?.writeMessages?.(source, first, last);
  }

  end(link: ClientLinkView): void {
    this.links.get(link)?.carrier?.close();
    this.links.delete(link);
  }

  deliver(message: Message): void {
    this.socket.deliver(message);
    this.session.consumed(message);
  }

  ended(verdict: Verdict): void {
    this.socket.ended(verdict);
  }

  drain(): void {
    if (!this.socket.held) this.socket.fire('drain');
  }

  changed(): void {
    this.socket.changed();
  }

  schedule(): void {
    queueMicrotask(() => {
      if (this.started || !this.session.flow.sent) this.session.flush(now());
    });
  }

  nonce(): string {
    return randomWords(4).join('-');
  }

  token(): string | undefined {
    return this.#token;
  }

  // ---- the second stage

  /** Asks the application for the token of the session. Rejects if the application fails to return one. */
  async askToken(): Promise<void> {
    this.#token = await this.options.token?.();
  }

  /** Loads the second stage if it is not loaded, then runs the task: in a later microtask, in the order of the calls. */
  join<T>(task?: (care: SecondStage) => T): Promise<T> {
    this.#joined ??= this.#load();
    return this.#joined.then(task as (care: SecondStage) => T);
  }

  /**
   * Loads the second stage. Retries after a doubling wait until the session ends, because a new deployment may have removed the file or the
   * network may be down.
   */
  #load(waitMs: number = MODULE_RETRY_FIRST_MS): Promise<SecondStage> {
    return this.table.fallback().then(
      ({ SessionController }) => new SessionController(this),
      () =>
        new Promise((resolve) => this.session.flow.done || setTimeout(resolve, waitMs)).then(() =>
          this.#load(Math.min(MODULE_RETRY_MAX_MS, waitMs * 2)),
        ),
    );
  }

  #start(): void {
    this.started = true;
    this.session.start(now());
    // Loads the second stage now, in parallel with the first link, because the network may be down when it is needed.
    this.join();
  }

  // ---- reports of carriers

  protected events(link: ClientLinkView, state: LinkState): CarrierEvents {
    // A carrier may still report after its link has ended. The session ignores such reports.
    return {
      onOpened: (headed) => {
        state.opened = true;
        this.session.linkOpened(link, now(), headed);
      },
      onRecord: (record) => {
        if (record.t === 'attached') state.attached = true;
        this.session.record(link, record as ServerRecord, now());
      },
      onMessage: (message) => this.session.message(link, message, now()),
      onEnded: (whole, reason, facts) => {
        if (this.care) this.care.linkEnded(link, whole, reason, facts);
        else this.join((care) => care.linkEnded(link, whole, reason, facts));
      },
    };
  }
}

/**
 * Returns the transports of the table with these names, or the usual ones if `names` is `undefined`. @throws RangeError if there is none
 */
function allowedRows(
  { rows, usual }: TransportTable,
  names: readonly TransportName[] | undefined,
): readonly TransportEntry[] {
  const allowed = rows.filter(({ name }) => (names ? names.includes(name) : usual.test(name)));
  if (!allowed[0]) throw new RangeError('transports');
  return allowed;
}
