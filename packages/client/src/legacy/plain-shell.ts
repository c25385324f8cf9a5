import type { ClientLinkView, ClientRecord, ClientStart, Message } from '@everywire/protocol/internal';
import { now } from '../clock.js';
import { randomWords } from '../random.js';
import { SessionController } from '../session-controller.js';
import { ClientShell } from '../session-shell.js';
import type { ClientFacade, FirstStage, LinkState, SecondStage } from '../stages.js';
import type { CarrierEvents, TransportEntry } from '../transport.js';
import type { TransportTable } from '../transport-table.js';
import type { WireClientOptions } from '../wire-client.js';
import type { OldTable } from './table.js';

/** The application's side of a session, `PlainSocket`, whose plain fields must be updated explicitly. */
export interface PlainFacade extends ClientFacade {
  /** Updates `bufferedAmount`. */
  count(): void;
}

type Thenable = ReturnType<FirstStage['askToken']>;

/**
 * The shell (the I/O around a session) of the legacy build. This build loads no code later, so both stages of the
 * session are present from the beginning.
 */
export class PlainShell extends ClientShell {
  declare readonly socket: PlainFacade;
  readonly #connects: OldTable['connects'];
  #token: string | undefined;

  /** @throws RangeError if `transports` names no transport that exists */
  constructor(url: string, table: OldTable, options: WireClientOptions, socket: PlainFacade) {
    // The loaders of the table are never called.
    super(url, table as OldTable & TransportTable, options, socket);
    this.#connects = table.connects;
  }

  /** Prepares the options of the session without starting it. `run` replaces them by the session. */
  protected override begin(): void {
    this.session = { instance: randomWords(1)[0]! } as unknown as ClientStart;
  }

  /** Starts the session. Must be called once, when the application's side is ready for events. */
  run(): void {
    new SessionController(this);
    this.askToken().then(
      () => {
        this.started = true;
        this.session.start(now());
      },
      () => this.session.fail('unauthorized'),
    );
  }

  /** Runs the task immediately. Its result is not used. */
  override join<T>(task?: (care: SecondStage) => T): Promise<T> {
    return task?.(this.care!) as Promise<T>;
  }

  override connect(link: ClientLinkView, head: ClientRecord | undefined, messages: readonly Message[]): void {
    const row = link.transport as TransportEntry | null;
    const state: LinkState = {};
    this.links.set(link, state);
    const events = this.events(link, state);
    const { url } = this;
    const { messageBytesMax } = this.session.flow.limits;
    try {
      const connect = this.#connects[row ? row.name : 'post']!;
      state.carrier = connect({ url, head, messages, fetch: undefined, messageBytesMax }, events);
    } catch {
      // The platform refused immediately; the report must not come during this call.
      queueMicrotask(() => events.onEnded(false, 'refused'));
    }
  }

  override nonce(): string {
    return Array.prototype.join.call(randomWords(4), '-');
  }

  override token(): string | undefined {
    return this.#token;
  }

  /**
   * Asks the application for a token. The application may return a promise of its own library. Returns an object that
   * has only `then`, because these browsers have no promises.
   */
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
    // biome-ignore lint/suspicious/noThenProperty: the only part of a promise that callers use.
    return { then: (onKnown, onFailed) => queueMicrotask(() => ask(onKnown, onFailed)) } as Thenable as Promise<void>;
  }

  protected override events(link: ClientLinkView, state: LinkState): CarrierEvents {
    const events = super.events(link, state);
    const { onRecord } = events;
    return Object.assign(events, {
      onRecord: (record: Parameters<typeof onRecord>[0]) => {
        onRecord(record);
        this.socket.count();
      },
    });
  }
}
