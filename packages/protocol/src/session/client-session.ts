import type { BufferLimits, SessionLimits } from '../limits.js';
import type { Message } from '../message.js';
import type { ServerRecord } from '../record.js';
import type { ClientIo, ClientLinkView, MessageSource, SendResult, Transport, Verdict } from './contract.js';

export interface ClientOptions {
  /** Random whole number that tells this instance from a duplicated tab (SN-9). */
  readonly instance: number;
  readonly buffers?: Partial<BufferLimits>;
}

/** The client's end of one session, over all its links. */
export declare class ClientSession implements MessageSource {
  constructor(io: ClientIo, options: ClientOptions);
  /** Session id, `null` until `opened`. */
  readonly id: string | null;
  readonly limits: SessionLimits;
  /** The down link in use, `null` while there is none; `attached` tells whether its head has come. */
  readonly current: ClientLinkView | null;
  readonly attached: boolean;
  /** Milliseconds, smoothed; `null` before the first answer. */
  readonly roundTripMs: number | null;
  /** When the machine tries again while there is no link; `null` while there is one. */
  readonly retryAt: number | null;
  readonly bufferedAmount: number;
  readonly done: Verdict | null;
  /** When `tick` is due; `Infinity` for never. */
  readonly nextTickAt: number;
  /** Opens the session; `send` may come before. */
  start(now: number): void;
  /** Opens a second way at the same time while the first has not answered: same nonce, so same session (SN-14). */
  race(transport: Transport, now: number): void;
  send(message: Message): SendResult;
  consumed(message: Message): void;
  close(): void;
  /** Make before break to this transport, in the middle of traffic (SN-10, SN-11). No effect where it is the current one. */
  switchTo(transport: Transport, now: number): void;
  /** Visible, online, page shown, clock jumped, or "try now": probes or connects at once (SN-15). */
  wake(now: number): void;
  hidden(hidden: boolean, now: number): void;
  flush(now: number): void;
  tick(now: number): void;
  /** A two-way link is open. */
  linkOpened(link: ClientLinkView, now: number): void;
  /** Any record; the records of an HTTP answer one by one, before `linkEnded`. */
  record(link: ClientLinkView, record: ServerRecord, now: number): void;
  message(link: ClientLinkView, message: Message, now: number): void;
  /** `whole`: an HTTP answer came to its proper end, or a two-way link was closed by the other side in order. */
  linkEnded(link: ClientLinkView, whole: boolean, now: number): void;
  messageAt(number: number): Message;
}
