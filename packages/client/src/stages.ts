import type { Verdict } from '@everywire/protocol';
import type { ClientLinkView, ClientSession, ClientStart, Data, Message, StartIo } from '@everywire/protocol/internal';
import type { AttemptFacts, Carrier, TransportRow } from './transport.js';
import type {
  RequestOptions,
  SendOptions,
  Status,
  TransportName,
  WireClient,
  WireClientOptions,
} from './wire-client.js';

/** The shell's own state of one link, from `connect` until it ends. */
export interface LinkState {
  carrier?: Carrier;
  /** A two-way link is open, or the head of a stream's answer came. */
  opened?: boolean;
  attached?: boolean;
  /** When it began to connect, as far as the second stage knows. */
  bornAt?: number;
}

/** What the application sees, as both stages know it: a `WireSocket`. */
export interface Face extends Pick<WireClient, 'transport' | 'onrequest'> {
  /** Messages that have their place in the order of sending and are not in the session yet, and their bytes. */
  held: number;
  heldBytes: number;
  /** `send` returned false because of them. */
  drainOwed: boolean | undefined;
  /** `close` was called; it waits for them. */
  readonly closeWish: object | undefined;
  fire(type: string, fields?: object): void;
  /** A message came; it is acknowledged when this returns (SN-6). */
  tell(message: Message): void;
  /** `status` may have changed. */
  changed(): void;
  /** Once; nothing comes after it. */
  ended(verdict: Verdict): void;
}

/** What comes with the page, as the second stage sees it: a `SessionShell`. */
export interface FirstStage extends StartIo {
  session: ClientStart | ClientSession;
  /** Set by the second stage when it takes over. */
  care: SecondStage | undefined;
  readonly links: Map<ClientLinkView, LinkState>;
  /** The server's path prefix. */
  readonly url: string;
  readonly options: WireClientOptions;
  /** Transports that may be used, best first; at least one. */
  readonly rows: readonly TransportRow[];
  /** The token is known; before that nothing may be opened, whatever is sent or happens to the page. */
  readonly started: boolean | undefined;
  readonly closing: boolean | undefined;
  readonly face: Face;
  close(): void;
  /** Asks the application. Of a promise no more than this is used, for old browsers have none. */
  askToken(): { then(onKnown: () => void, onFailed: () => void): unknown };
}

/** A first stage as the face sees it. */
export interface Shell extends FirstStage {
  readonly stated: Status;
  /** @throws RangeError where there is no such transport */
  use(transport: TransportName | null): void;
  /** Does this when the second stage is there: after this turn at the earliest, and in the order of the calls. */
  join<T>(task: (care: SecondStage) => T): Promise<T>;
}

/** What is sent with more than `send(data)`: a `SendDesk`. */
export interface Desk {
  send(item: Message | Blob, bytes: number, options?: SendOptions): Promise<void> | undefined;
  /** `asked`: when the application asked, by `now`. */
  request(message: Message, bytes: number, options: RequestOptions | undefined, asked: number): Promise<Data>;
}

/** What is loaded beside the first link, as the shell sees it: a `SessionCare`. */
export interface SecondStage {
  readonly session: ClientSession;
  readonly desk: Desk;
  readonly stated: Status;
  /** The shell's rows have changed. */
  useRows(): void;
  retryNow(): void;
  /** @param reason an `Attempt.reason`, where the transport knows better */
  linkEnded(link: ClientLinkView, whole: boolean, reason?: string, facts?: AttemptFacts): void;
}
