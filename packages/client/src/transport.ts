import type { ClientRecord, ItemSink, Message, MessageSource, Transport } from '@everywire/protocol/internal';
import type { Attempt, TransportName } from './wire-client.js';

/**
 * Receives the reports of one carrier. Extends `ItemSink`, so that a decoder can use it. Nothing may be reported during
 * `connect`, `writeRecord`, `writeMessages` or `close`. Reports after `onEnded` or `close` are ignored.
 */
export interface CarrierEvents extends ItemSink {
  /**
   * Reports once that a two-way carrier is writable, or that the response head of a stream arrived.
   *
   * @param headed for a two-way carrier: the server accepted the request's head in the opening handshake (TR-40)
   */
  onOpened(headed?: boolean): void;
  /**
   * Reports the end, once and last. `whole`: the response was complete, or the peer closed in an orderly way.
   * @param reason an `Attempt.reason`, if the transport knows it better than the shell.
   * @param facts details of an answer received instead of a carrier.
   */
  onEnded(whole: boolean, reason?: string, facts?: AttemptFacts): void;
}

/** Details of a failed attempt, as far as the platform states them. */
export type AttemptFacts = Pick<Attempt, 'status' | 'code'>;

/** Parameters of a new carrier. */
export interface CarrierRequest {
  /** Prefix of all transports: absolute, `http:` or `https:`, without a final slash. */
  readonly url: string;
  /** Head of the HTTP request, or of a two-way carrier that can send it in its opening handshake. */
  readonly head: ClientRecord | undefined;
  /** Messages sent together with the head. */
  readonly messages: readonly Message[];
  /** The application's `fetch`; `undefined` for the platform's. */
  readonly fetch: typeof globalThis.fetch | undefined;
  /** Maximum size of a message from the server, in bytes. */
  readonly messageBytesMax: number;
}

/** An open carrier. The write methods exist on two-way carriers only and are called only after `onOpened`. */
export interface Carrier {
  writeRecord?(record: ClientRecord): void;
  writeMessages?(source: MessageSource, first: number, last: number): void;
  /** Closes after what was written, or aborts the request. */
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
