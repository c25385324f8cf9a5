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
  /** When it began to connect, if the second stage knows it. */
  bornAt?: number;
}

/** The view of a `WireSocket`, the application's side, that both stages use. */
export interface ClientFacade extends Pick<WireClient, 'transport' | 'onrequest'> {
  /** Number of messages that have their place in the sending order but are not in the session yet; and their bytes. */
  held: number;
  heldBytes: number;
  /** Whether `send` returned false because of them. */
  drainOwed: boolean | undefined;
  /** Set once `close` was called; it waits for them. */
  readonly closeRequest: object | undefined;
  /** Dispatches an event with these fields. */
  fire(type: string, fields?: object): void;
  /** Delivers a message, which is acknowledged when this returns (SN-6). */
  deliver(message: Message): void;
  /** Updates `status`, which may have changed. */
  changed(): void;
  /** Reports the end, once and last. */
  ended(verdict: Verdict): void;
}

/** The view of a `SessionShell`, which comes with the page, that the second stage uses. */
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
  /** Whether the token is known. Before that no link may be opened, whatever is sent or happens to the page. */
  readonly started: boolean | undefined;
  readonly closing: boolean | undefined;
  readonly socket: ClientFacade;
  /** Closes the session cleanly. */
  close(): void;
  /** Asks the application for a token. Only this part of a promise is used, because old browsers have none. */
  askToken(): { then(onKnown: () => void, onFailed: () => void): unknown };
}

/** The view of a first stage that the application's side uses. */
export interface Shell extends FirstStage {
  readonly stated: Status;
  /** Restricts the transports, or lifts the restriction. @throws RangeError if there is no such transport */
  use(transport: TransportName | null): void;
  /** Runs a task once the second stage is loaded: in a later microtask, in the order of the calls. */
  join<T>(task: (care: SecondStage) => T): Promise<T>;
}

/** The view of a `SendQueue`, which sends everything beyond plain `send(data)`. */
export interface Sender {
  /** Sends an item in its turn. */
  send(item: Message | Blob, bytes: number, options?: SendOptions): Promise<void> | undefined;
  /** Sends a request in its turn. @param asked when the application called, by `now` */
  request(message: Message, bytes: number, options: RequestOptions | undefined, asked: number): Promise<Data>;
}

/** The view of a `SessionController`, which is loaded in parallel with the first link, that the shell uses. */
export interface SecondStage {
  readonly session: ClientSession;
  readonly queue: Sender;
  readonly stated: Status;
  /** Applies a change of the shell's rows. */
  useRows(): void;
  /** Tries to connect immediately. */
  retryNow(): void;
  /** Handles the end of a link. @param reason an `Attempt.reason`, if the transport knows it */
  linkEnded(link: ClientLinkView, whole: boolean, reason?: string, facts?: AttemptFacts): void;
}
