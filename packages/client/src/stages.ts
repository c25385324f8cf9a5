import type { Verdict } from '@everywire/protocol';
import type { ClientLinkView, ClientSession, ClientStart, Data, Message, StartIo } from '@everywire/protocol/internal';
import type { AttemptFacts, Carrier, TransportEntry } from './transport.js';
import type {
  RequestOptions,
  SendOptions,
  Status,
  TransportName,
  WireClient,
  WireClientOptions,
} from './wire-client.js';

/** State of the shell for one link, from `connect` until it ends. */
export interface LinkState {
  carrier?: Carrier;
  /** A two-way link is open, or the response head of a stream arrived. */
  opened?: boolean;
  attached?: boolean;
  /** When the link began to connect; absent until the second stage has recorded it. */
  bornAt?: number;
}

/**
 * The part of a `WireSocket` (the object that the application uses) that both stages use. The first stage comes with
 * the page and opens the session. The second stage is loaded in parallel and takes over.
 */
export interface ClientFacade extends Pick<WireClient, 'transport' | 'onrequest'> {
  /** Number of messages that have their place in the sending order but are not in the session yet. */
  held: number;
  /** Total bytes of the `held` messages. */
  heldBytes: number;
  /** Whether `send` returned false because of held messages, so that `drain` must be reported. */
  drainOwed: boolean | undefined;
  /** Set once `close` was called. The session is closed after all held messages. */
  readonly closeRequest: object | undefined;
  /** Dispatches an event with these fields. */
  fire(type: string, fields?: object): void;
  /** Delivers a message to the application. The session acknowledges it when this returns (SN-6). */
  deliver(message: Message): void;
  /** Reports that `status` may have changed. */
  changed(): void;
  /** Reports the end, once and last. */
  ended(verdict: Verdict): void;
}

/** The part of a `SessionShell` (the first stage, which comes with the page) that the second stage uses. */
export interface FirstStage extends StartIo {
  session: ClientStart | ClientSession;
  /** Set by the second stage when it takes over. */
  care: SecondStage | undefined;
  readonly links: Map<ClientLinkView, LinkState>;
  /** The server's path prefix. */
  readonly url: string;
  readonly options: WireClientOptions;
  /** Allowed transports, best first; at least one. */
  readonly rows: readonly TransportEntry[];
  /** Whether the token is known. Until then, no link may be opened, whatever the application sends. */
  readonly started: boolean | undefined;
  readonly closing: boolean | undefined;
  readonly socket: ClientFacade;
  /** Closes the session cleanly. */
  close(): void;
  /** Asks the application for a token. Returns only `then` of a promise, because old browsers have no promises. */
  askToken(): { then(onKnown: () => void, onFailed: () => void): unknown };
}

/** The part of a first stage that `WireSocket` uses. */
export interface Shell extends FirstStage {
  readonly stated: Status;
  /** Restricts the transports, or lifts the restriction. @throws RangeError if there is no such transport */
  use(transport: TransportName | null): void;
  /** Runs a task once the second stage is loaded: in a later microtask, in the order of the calls. */
  join<T>(task: (care: SecondStage) => T): Promise<T>;
}

/** The part of a `SendQueue` that `WireSocket` uses. The queue sends everything beyond plain `send(data)`. */
export interface Sender {
  /**
   * Runs a call of the application that was held until this queue was loaded, and releases its place in the sending
   * order: the call enters its item itself, unless it throws.
   */
  run<T>(bytes: number, task: (queue: Sender) => T): T;
  /** Sends an item after all earlier items. */
  send(item: Message | Blob, bytes: number, options?: SendOptions): Promise<void> | undefined;
  /** Sends a request after all earlier items. @param asked when the application called, by `now` */
  request(item: Message | Blob, bytes: number, options: RequestOptions | undefined, asked: number): Promise<Data>;
}

/** The part of a `SessionController` (the second stage) that the shell uses. */
export interface SecondStage {
  readonly session: ClientSession;
  readonly queue: Sender;
  readonly stated: Status;
  /** Applies a change of the allowed transports (`rows` of the shell). */
  useRows(): void;
  /** Tries to connect immediately. */
  retryNow(): void;
  /** Handles the end of a link. @param reason an `Attempt.reason`, if the transport knows it */
  linkEnded(link: ClientLinkView, whole: boolean, reason?: string, facts?: AttemptFacts): void;
}
