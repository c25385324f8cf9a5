import type { ClientRecord, ItemSink, Message, MessageSource, Transport } from '@everywire/protocol/internal';
import type { Attempt, TransportName } from './wire-client.js';

/**
 * Receives the reports of one carrier. A carrier is one WebSocket, TCP connection or HTTP exchange that transmits records
 * and messages of a session. Extends `ItemSink`, so that a decoder can report to it directly. A carrier must not report
 * during a call of `connect`, `writeRecord`, `writeMessages` or `close`. Reports after `onEnded` or `close` are ignored.
 */
export interface CarrierEvents extends ItemSink {
  /**
   * Reports once that a two-way carrier is writable, or that the response head of a stream arrived.
   *
   * @param headed for a two-way carrier: the server accepted the request's head in the opening handshake (TR-40)
   */
  onOpened(headed?: boolean): void;
  /**
   * Reports the end of the carrier. The carrier must call this once, as its last report.
   *
   * @param whole the HTTP response was complete, or the peer closed the connection in an orderly way
   * @param reason an `Attempt.reason`; if omitted, the session derives the reason
   * @param facts details of the answer if the server refused the carrier
   */
  onEnded(whole: boolean, reason?: string, facts?: AttemptFacts): void;
}

/** Details of a failed attempt. The platform may state only some of them or none. */
export type AttemptFacts = Pick<Attempt, 'status' | 'code' | 'message'>;

/** Parameters of a new carrier. */
export interface CarrierRequest {
  /** Prefix of the addresses of all transports: absolute, `http:` or `https:`, without a final slash. */
  readonly url: string;
  /**
   * The first record that the client sends. It is part of the HTTP request, or of the opening handshake of a two-way carrier
   * if that is possible. `undefined`: the session writes it later.
   */
  readonly head: ClientRecord | undefined;
  /** Messages sent together with the head. */
  readonly messages: readonly Message[];
  /** The function `fetch` of the application; `undefined` to use the platform's. */
  readonly fetch: typeof globalThis.fetch | undefined;
  /** Maximum size of a message from the server, in bytes. */
  readonly messageBytesMax: number;
}

/** An open carrier. The write methods exist on two-way carriers only and are called only after `onOpened`. */
export interface Carrier {
  writeRecord?(record: ClientRecord): void;
  writeMessages?(source: MessageSource, first: number, last: number): void;
  /** Closes a connection after all pending data, or aborts an HTTP request. */
  close(): void;
}

/** Starts a carrier. May throw if the platform refuses immediately, which counts as a refused attempt. */
export type Connect = (request: CarrierRequest, events: CarrierEvents) => Carrier;

/** The module of a transport. */
export interface TransportModule {
  readonly connect: Connect;
}

/** A transport in the table: its name, its kind, and a function that loads its code when it is needed. */
export interface TransportEntry extends Transport {
  readonly name: TransportName;
  readonly load: () => Promise<TransportModule>;
}
