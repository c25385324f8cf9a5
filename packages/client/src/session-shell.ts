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
import { moduleRetryFirstMs, moduleRetryMaxMs } from './limits.js';
import { randomWords } from './random.js';
import type { Face, LinkState, SecondStage, Shell } from './stages.js';
import type { CarrierEvents, TransportRow } from './transport.js';
import type { TransportTable } from './transport-table.js';
import type { Status, TransportName, WireClientOptions } from './wire-client.js';

/**
 * Runs one session over the transports of a platform: loads and starts carriers, and passes on what they report. It holds no
 * rule of the session. It begins alone, with a session on a first WebSocket; `SessionCare`, which chooses, replaces and keeps
 * the clock, is loaded meanwhile and joins it.
 */
export class SessionShell implements Shell {
  declare session: ClientStart | ClientSession;
  declare care: SecondStage | undefined;
  declare readonly face: Face;
  readonly links: Map<ClientLinkView, LinkState> = new Map();
  declare rows: readonly TransportRow[];
  declare started: boolean | undefined;
  declare closing: boolean | undefined;
  declare readonly url: string;
  declare protected readonly table: TransportTable;
  declare readonly options: WireClientOptions;
  #token: string | undefined;
  #joined: Promise<SecondStage> | undefined;

  /** @throws RangeError where `transports` names none that exists */
  constructor(url: string, table: TransportTable, options: WireClientOptions, face: Face) {
    this.url = url;
    this.table = table;
    this.options = options;
    this.face = face;
    this.rows = allowedRows(table, options.transports);
    this.begin();
  }

  /** What there is of the session before the second stage has come. */
  protected begin(): void {
    this.session = new ClientStart(this, { instance: randomWords(1)[0]! });
    this.askToken().then(
      () => {
        // What comes with the page can only open a two-way link; anything else has to be loaded before.
        if (this.rows[0]!.kind === 'duplex') this.#start();
        else this.join(() => this.#start());
      },
      () => this.session.fail('unauthorized'),
    );
  }

  // ---- the face's wishes; they may come from inside a message handler, so what drives the machine waits for the turn's end

  get stated(): Status {
    const { session, care } = this;
    const { done: verdict } = session.ledger;
    if (verdict) return { state: 'closed', verdict };
    if (this.closing) return { state: 'closing' };
    if (care) return care.stated;
    const { transport } = session as ClientStart;
    return transport
      ? {
          state: 'open',
          transport: (transport as TransportRow).name,
          // What to show of it is the second stage's to say.
          roundTripMs: null,
          attempts: [],
        }
      : { state: 'connecting', attempts: [] };
  }

  /** @throws RangeError where there is no such transport */
  use(transport: TransportName | null): void {
    this.rows = allowedRows(this.table, transport ? [transport] : this.options.transports);
    this.join((care) => care.useRows());
  }

  close(): void {
    this.closing = true;
    this.session.close();
    this.face.changed();
  }

  // ---- StartIo: what the machine asks for

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
      messageBytesMax: this.session.ledger.limits.messageBytesMax,
    };
    ((link.transport as TransportRow | null)?.load ?? this.table.fallback)()
      .then((module) => {
        if (this.links.has(link)) state.carrier = module.connect(request, events);
      })
      // The platform refused at once, or the module could not be loaded.
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
    this.face.tell(message);
    this.session.consumed(message);
  }

  ended(verdict: Verdict): void {
    this.face.ended(verdict);
  }

  drain(): void {
    if (!this.face.held) this.face.fire('drain');
  }

  changed(): void {
    this.face.changed();
  }

  schedule(): void {
    queueMicrotask(() => {
      if (this.started) this.session.flush(now());
    });
  }

  nonce(): string {
    return randomWords(4).join('-');
  }

  token(): string | undefined {
    return this.#token;
  }

  // ---- the second stage

  async askToken(): Promise<void> {
    this.#token = await this.options.token?.();
  }

  /** Does this when the second stage is there: after this turn at the earliest, and in the order of the calls. */
  join<T>(task?: (care: SecondStage) => T): Promise<T> {
    this.#joined ??= this.#load();
    return this.#joined.then(task as (care: SecondStage) => T);
  }

  /** A page that was deployed anew may have lost the file, or the network is gone just now: tried until it comes. */
  #load(waitMs: number = moduleRetryFirstMs): Promise<SecondStage> {
    return this.table.fallback().then(
      ({ SessionCare }) => new SessionCare(this),
      () =>
        new Promise((resolve) => this.session.ledger.done || setTimeout(resolve, waitMs)).then(() =>
          this.#load(Math.min(moduleRetryMaxMs, waitMs * 2)),
        ),
    );
  }

  #start(): void {
    this.started = true;
    this.session.start(now());
    // At once, beside the first link: when it is needed the network may be gone.
    this.join();
  }

  // ---- what carriers report

  protected events(link: ClientLinkView, state: LinkState): CarrierEvents {
    // A carrier may still talk after its link has ended; the machine does not know such a link any more.
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

function allowedRows(
  { rows, usual }: TransportTable,
  names: readonly TransportName[] | undefined,
): readonly TransportRow[] {
  const allowed = rows.filter(({ name }) => (names ? names.includes(name) : usual.test(name)));
  if (!allowed[0]) throw new RangeError('transports');
  return allowed;
}
