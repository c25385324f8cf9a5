import type { Verdict } from '@everywire/protocol';
import type {
  ClientLinkView,
  ClientRecord,
  ClientStart,
  Message,
  MessageSource,
  ServerRecord,
  Transport,
} from '@everywire/protocol/internal';
import { now } from '../clock.js';
import { randomWords } from '../random.js';
import { SessionCare } from '../session-care.js';
import type { Face, FirstStage, LinkState, SecondStage } from '../stages.js';
import type { CarrierEvents, Connect, TransportRow } from '../transport.js';
import type { Status, TransportName, WireClientOptions } from '../wire-client.js';
import type { OldTable } from './table.js';

/** A face whose fields do not follow by themselves. */
export interface PlainFace extends Face {
  /** How much waits to be acknowledged may be another number now. */
  count(): void;
}

/**
 * What `SessionShell` is to a page of today: runs one session over the transports of a platform. All of the client is there from
 * the beginning, so nothing is loaded and nothing waits for a second stage.
 */
export class PlainShell implements FirstStage {
  session: FirstStage['session'];
  care: SecondStage | undefined;
  readonly links: Map<ClientLinkView, LinkState> = new Map();
  rows: readonly TransportRow[];
  started = false;
  closing = false;
  readonly url: string;
  readonly options: WireClientOptions;
  readonly face: PlainFace;
  readonly #table: OldTable;
  #token: string | undefined;

  /** @throws RangeError where `transports` names none that exists */
  constructor(url: string, table: OldTable, options: WireClientOptions, face: PlainFace) {
    this.url = url;
    this.#table = table;
    this.options = options;
    this.face = face;
    this.rows = table.allowed(options.transports);
    // What the whole session is made from; nothing has begun.
    this.session = { instance: randomWords(1)[0]! } as ClientStart;
  }

  /** Once, when the face is ready to be told. */
  begin(): void {
    new SessionCare(this);
    this.askToken().then(
      () => {
        this.started = true;
        this.session.start(now());
      },
      () => this.session.fail('unauthorized'),
    );
  }

  get stated(): Status {
    const { done } = this.session;
    if (done) return { state: 'closed', verdict: done };
    return this.closing ? { state: 'closing' } : this.care!.stated;
  }

  /** @throws RangeError where there is no such transport */
  use(transport: TransportName | null): void {
    this.rows = this.#table.allowed(transport ? [transport] : this.options.transports);
    this.care!.useRows();
  }

  close(): void {
    this.closing = true;
    this.session.close();
    this.face.changed();
  }

  // ---- what the machine asks for

  choose(): Transport {
    return this.rows[0]!;
  }

  connect(link: ClientLinkView, head: ClientRecord | undefined, messages: readonly Message[]): void {
    const row = link.transport as TransportRow | null;
    const state: LinkState = {};
    this.links.set(link, state);
    const events = this.#carrierEvents(link, state);
    const { url } = this;
    const { messageBytesMax } = this.session.limits;
    const request = { url, head, messages, fetch: undefined, messageBytesMax };
    const connect: Connect = this.#table.connects[row ? row.name : 'post']!;
    try {
      state.carrier = connect(request, events);
    } catch {
      // The platform refused at once; nothing may be reported from in here.
      queueMicrotask(() => events.onEnded(false, 'refused'));
    }
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
    this.face.fire('drain');
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
    return Array.prototype.join.call(randomWords(4), '-');
  }

  token(): string | undefined {
    return this.#token;
  }

  /** What the application gives may be a promise of its own; here there is none. */
  askToken(): ReturnType<FirstStage['askToken']> {
    const ask = (onKnown: () => void, onFailed: () => void): void => {
      let token: unknown;
      try {
        token = this.options.token?.();
      } catch {
        onFailed();
        return;
      }
      const take = (known: unknown): void => {
        this.#token = known as string;
        onKnown();
      };
      const { then } = (token || {}) as Partial<PromiseLike<unknown>>;
      if (then) then.call(token, take, onFailed);
      else take(token);
    };
    // biome-ignore lint/suspicious/noThenProperty: as much of a promise as anybody uses.
    return { then: (onKnown, onFailed) => queueMicrotask(() => ask(onKnown, onFailed)) };
  }

  #carrierEvents(link: ClientLinkView, state: LinkState): CarrierEvents {
    return {
      onOpened: (headed) => {
        state.opened = true;
        this.session.linkOpened(link, now(), headed);
      },
      onRecord: (record) => {
        if (record.t === 'attached') state.attached = true;
        this.session.record(link, record as ServerRecord, now());
        this.face.count();
      },
      onMessage: (message) => this.session.message(link, message, now()),
      onEnded: (whole, reason) => this.care!.linkEnded(link, whole, reason),
    };
  }
}
