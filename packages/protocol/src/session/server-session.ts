import type { Message } from '../message.js';
import type { ClientRecord } from '../record.js';
import type { LinkKind, MessageSource, SendResult, Verdict } from './contract.js';

/** One carrier of the server. After `ended`, or its io's `end`, every call is ignored. */
export declare class ServerLink {
  readonly kind: LinkKind;
  readonly transport: string;
  /** The session it carries, once `open`, `attach` or a body named one. */
  readonly session: ServerSession | null;
  /** A control record, or the head of a request with the messages beside it. Never `open`. */
  record(record: ClientRecord, messages: readonly Message[], now: number): void;
  /** A message on a two-way link. */
  message(message: Message, now: number): void;
  /** Something that could not be parsed: ends the link, not the session (SN-2). */
  malformed(now: number): void;
  /** It was cut, or the other side closed it. */
  ended(now: number): void;
}

/** The server's end of one session. */
export declare class ServerSession implements MessageSource {
  readonly id: string;
  /** The transport written to now, `null` while there is none. */
  readonly transport: string | null;
  readonly bufferedAmount: number;
  /** The verdict once it has ended. */
  readonly done: Verdict | null;
  readonly nextTickAt: number;
  /** Takes a message for the client; written at `registry.flush`. Never fails for lack of a link. */
  send(message: Message): SendResult;
  /** Whether one more message of this size would be accepted: `send` would not return `full`. */
  accepts(byteLength: number): boolean;
  /** The application settled this message, in order of delivery (SN-6). */
  consumed(message: Message): void;
  /** A hint topic dropped messages: tells the client, again after a lost link (SN-23). */
  reset(topic: string): void;
  /** Ends cleanly: what was accepted is delivered and acknowledged first (SN-4). */
  close(): void;
  /** Ends now, at both ends, with this code. */
  fail(code: string): void;
  tick(now: number): void;
  messageAt(number: number): Message;
}
