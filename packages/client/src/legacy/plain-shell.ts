import type { ClientLinkView, ClientRecord, ClientStart, Message } from '@everywire/protocol/internal';
import { now } from '../clock.js';
import { randomWords } from '../random.js';
import { SessionCare } from '../session-care.js';
import { SessionShell } from '../session-shell.js';
import type { Face, FirstStage, LinkState, SecondStage } from '../stages.js';
import type { CarrierEvents, TransportRow } from '../transport.js';
import type { TransportTable } from '../transport-table.js';
import type { WireClientOptions } from '../wire-client.js';
import type { OldTable } from './table.js';

/** A face whose fields do not follow by themselves. */
export interface PlainFace extends Face {
  /** How much waits to be acknowledged may be another number now. */
  count(): void;
}

type Thenable = ReturnType<FirstStage['askToken']>;

/** The shell where all of the client is there from the beginning: nothing is loaded, and nothing waits for a second stage. */
export class PlainShell extends SessionShell {
  declare readonly face: PlainFace;
  readonly #connects: OldTable['connects'];
  #token: string | undefined;

  /** @throws RangeError where `transports` names none that exists */
  constructor(url: string, table: OldTable, options: WireClientOptions, face: PlainFace) {
    // What it would load with is not asked for.
    super(url, table as OldTable & TransportTable, options, face);
    this.#connects = table.connects;
  }

  /** What the whole session is made from; nothing has begun. */
  protected override begin(): void {
    this.session = { instance: randomWords(1)[0]! } as unknown as ClientStart;
  }

  /** Once, when the face is ready to be told. */
  run(): void {
    new SessionCare(this);
    this.askToken().then(
      () => {
        this.started = true;
        this.session.start(now());
      },
      () => this.session.fail('unauthorized'),
    );
  }

  /** At once. Nobody waits for what it answers. */
  override join<T>(task?: (care: SecondStage) => T): Promise<T> {
    return task?.(this.care!) as Promise<T>;
  }

  override connect(link: ClientLinkView, head: ClientRecord | undefined, messages: readonly Message[]): void {
    const row = link.transport as TransportRow | null;
    const state: LinkState = {};
    this.links.set(link, state);
    const events = this.events(link, state);
    const { url } = this;
    const { messageBytesMax } = this.session.ledger.limits;
    try {
      const connect = this.#connects[row ? row.name : 'post']!;
      state.carrier = connect({ url, head, messages, fetch: undefined, messageBytesMax }, events);
    } catch {
      // The platform refused at once; nothing may be reported from in here.
      queueMicrotask(() => events.onEnded(false, 'refused'));
    }
  }

  override nonce(): string {
    return Array.prototype.join.call(randomWords(4), '-');
  }

  override token(): string | undefined {
    return this.#token;
  }

  /** What the application gives may be a promise of its own; here there is none. */
  override askToken(): Promise<void> {
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
    return { then: (onKnown, onFailed) => queueMicrotask(() => ask(onKnown, onFailed)) } as Thenable as Promise<void>;
  }

  protected override events(link: ClientLinkView, state: LinkState): CarrierEvents {
    const events = super.events(link, state);
    const { onRecord } = events;
    return Object.assign(events, {
      onRecord: (record: Parameters<typeof onRecord>[0]) => {
        onRecord(record);
        this.face.count();
      },
    });
  }
}
