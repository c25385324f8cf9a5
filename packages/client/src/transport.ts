import type { ClientRecord, ItemSink, Message, MessageSource, Transport } from '@everywire/protocol/internal';
import type { Attempt, TransportName } from './wire-client.js';

/**
 * What a transport reports of one carrier, to the shell that asked for it; an `ItemSink`, so that a decoder can be plugged
 * in. Nothing may be reported from inside `connect`, `writeRecord`, `writeMessages` or `close`; what comes after `onEnded`
 * or `close` is ignored.
 */
export interface CarrierEvents extends ItemSink {
  /**
   * A two-way carrier may be written to; of a stream, the head of the HTTP answer came. Once.
   *
   * @param headed of a two-way carrier: the server has taken the request's head with the opening handshake (TR-40)
   */
  onOpened(headed?: boolean): void;
  /**
   * Once, and last. `whole`: the answer came to its proper end, or the other side closed in order.
   * @param reason an `Attempt.reason`, where the transport knows better than the shell.
   * @param facts what was answered in place of a carrier.
   */
  onEnded(whole: boolean, reason?: string, facts?: AttemptFacts): void;
}

/** What an attempt failed with, as far as the platform tells. */
export type AttemptFacts = Pick<Attempt, 'status' | 'code'>;

/** What a carrier is started with. */
export interface CarrierRequest {
  /** The path prefix all transports live under, absolute, without a slash at its end; `http:` or `https:`. */
  readonly url: string;
  /** Head of the one HTTP request, or of a two-way carrier that can say it in its opening handshake. */
  readonly head: ClientRecord | undefined;
  /** Messages that travel beside the head. */
  readonly messages: readonly Message[];
  /** The application's own; else the platform's. */
  readonly fetch: typeof globalThis.fetch | undefined;
  /** Longest message to take from the server, in bytes. */
  readonly messageBytesMax: number;
}

/** One carrier under way. The write calls exist on two-way carriers only, and are made only after `opened`. */
export interface Carrier {
  writeRecord?(record: ClientRecord): void;
  writeMessages?(source: MessageSource, first: number, last: number): void;
  /** Closes after what was written, or aborts the request. */
  close(): void;
}

/** The one function of a transport module. May throw where the platform refuses at once; that is a refused attempt. */
export type Connect = (request: CarrierRequest, events: CarrierEvents) => Carrier;

/** What the file of a transport exports. */
export interface TransportModule {
  readonly connect: Connect;
}

/** A transport is a row in a table: its name, how it travels down, and where its code is, loaded when it is needed. */
export interface TransportRow extends Transport {
  readonly name: TransportName;
  readonly load: () => Promise<TransportModule>;
}
