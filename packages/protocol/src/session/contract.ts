import type { CodeOf } from '../error-codes.js';
import type { Message } from '../message.js';
import type { AttachRecord, ClientRecord, ServerRecord } from '../record.js';

/** Outcome of a session, from the view of this end (SN-4). */
export interface Verdict {
  /** Whether everything was acknowledged in both directions. */
  readonly clean: boolean;
  /**
   * Stable code: `closed`, or the reason why it did not end cleanly: `timeout`, `lost`, `overflow`, `expired`,
   * `hostile`, ...
   */
  readonly code: CodeOf;
  /** Messages 1 to this number were certainly consumed by the peer's application. */
  readonly acknowledged: number;
  /** Number of messages that `send` accepted in total. */
  readonly sent: number;
  /** `sent - acknowledged`: number of messages that may or may not have had an effect. */
  readonly unknown: number;
}

/** Result of `send`. `above`: accepted beyond the window, wait for `drain`. `full`, `closed`: not accepted. */
export type SendOutcome = 'ok' | 'above' | 'full' | 'closed';

/**
 * Kind of a link, as far as the session distinguishes them. Only the shells (the I/O code around the sessions) know more
 * about transports. `duplex` carries messages both ways. `stream` carries messages to the client until it ends. `poll`
 * carries one batch to the client and possibly a body to the server. `post` carries one body to the server.
 */
export type LinkKind = 'duplex' | 'stream' | 'poll' | 'post';

/**
 * Reason why the session ended a link. A shell may translate the reason to a close code or a status. After `closed`, the
 * session has ended too; after any other reason, it continues. `frozen`: the session is moving to another node, or the
 * client has used a former id; the client must retry.
 */
export type LinkEnd = 'done' | 'superseded' | 'malformed' | 'gap' | 'silent' | 'closed' | 'frozen';

/**
 * Reason why the client ended a link. `buffered`: an intermediary delays the messages of a stream (SN-13). `busy`,
 * `closing`: the server refused temporarily (SN-43).
 */
export type ClientLinkEnd = LinkEnd | 'buffered' | 'busy' | 'closing' | 'crowded';

/** Provides numbered messages while they are written. */
export interface MessageSource {
  /** Returns a message. The number must be in the range given with the source. */
  messageAt(number: number): Message;
  /** Returns the frame of a message that exists only as a frame, without creating a `Message`; otherwise `null`. */
  frameAt?(number: number): Uint8Array | null;
}

// Implemented by the server's shell.

/** The shell's side of one link at the server. The session calls it while it handles an input; it must not call back. */
export interface ServerLinkIo {
  /** Writes a control record. */
  writeRecord(record: ServerRecord): void;
  /**
   * Writes messages `first` to `last` of `source`, once per flush. Two runs of equal length with equal first and last
   * serials are equal if `last serial - first serial + 1` is that length; otherwise the messages must be compared
   * (SN-27).
   */
  writeMessages(source: MessageSource, first: number, last: number): void;
  /**
   * Ends the link after the written bytes. The session has dropped the link, so the shell need not report its end.
   */
  end(reason: LinkEnd): void;
}

/**
 * The shell's side of one session at the server: passes messages and events to the application. During these calls, only
 * `send`, `consumed`, `close` and `fail` of the session may be called; they update state and schedule a flush.
 */
export interface ServerSessionIo {
  /** Reports a new session, once it is confirmed or has early messages to deliver (SN-14). Called before any `deliver`. */
  begun(): void;
  /** Reports the first carrier after the `open`, which confirms the session (SN-14). */
  confirmed(): void;
  /**
   * Delivers a message, in order and once. The shell calls `session.consumed(message)` once its handler has settled, in
   * order.
   */
  deliver(message: Message): void;
  /**
   * Returns, in order, the last delivered messages that no handler has begun with, because the session is suspended
   * (SN-21) or frozen (SN-24). They are delivered again when it continues, here or at another node.
   */
  recall(): readonly Message[];
  /** Reports a requested token. If it is valid, the shell calls `session.renew` (SN-21). */
  token(token: string): void;
  /** Reports the end, once and last. An unconfirmed session ends without `confirmed`, and usually without `begun`. */
  ended(verdict: Verdict): void;
  /** Reports that half the window is free again after `send` returned `above`. */
  drain(): void;
  /** Reports that `session.transport` changed. */
  changed(): void;
  /** Reports the client's failed attempts before an attach, in its own words (SN-48). `changed` follows. */
  tried?(tried: string): void;
  /** Reports that `acked` or `peerReceived` may have risen, while `session.want` requests acknowledgements. */
  counted?(): void;
  /** Reports the numbers of unwritten messages that were replaced and removed. Later messages have moved up (SN-33). */
  renumbered?(removed: readonly number[]): void;
}

/** Operations of the server's shell that the registry uses. */
export interface RegistryIo {
  /** Requests `registry.flush(now)` before this tick of the event loop ends. Called once until then. */
  schedule(): void;
  /**
   * Requests that the shell now sends published messages that it still holds back (`sendRun`), before this returns, so
   * that the session gets all messages in the order of the application's calls (SN-27). It may be called re-entrantly.
   */
  catchUp?(): void;
  /**
   * Reports a broken invariant of a session, which has ended with `internal`; other sessions continue. Without this
   * method the `InvariantError` is thrown.
   *
   * @param io the object that `createIo` created for this session
   */
  broken?(io: ServerSessionIo, invariant: string): void;
  /** Reports a carrier for a session that this node does not have. */
  elsewhere?(id: string): void;
  /**
   * Reports that `session.nextTickAt` is now earlier. A later time is not reported, because an early tick is harmless.
   *
   * @param io the object that `createIo` created for this session
   */
  sooner(session: ServerSessionView, io: ServerSessionIo): void;
  /** Returns a new secret of 128 bits. Together with the registry's locator it is a session id (SN-20). */
  id(): string;
}

/** The view of a `ServerSession` that `RegistryIo.sooner` receives. */
export interface ServerSessionView {
  /** When `tick` is due, in milliseconds of the shell's clock; `Infinity` for never. */
  readonly nextTickAt: number;
  /** Does what is due by time. */
  tick(now: number): void;
}

// Implemented by the client's shell.

/** A transport of the client's shell. `kind` is how messages get to the client; the other way is the same link or POSTs. */
export interface Transport {
  readonly name: string;
  readonly kind: 'duplex' | 'stream' | 'poll';
  /** The client cannot read the answers to its bodies, and its polls carry no messages (script tags with forms, SN-6). */
  readonly blind?: true;
}

/** One carrier at the client. The shell may use it as a key of a `Map`. */
export interface ClientLinkView {
  readonly kind: LinkKind;
  /** The transport; `null` for a POST. */
  readonly transport: Transport | null;
}

/**
 * Operations of the client's shell. They are called during inputs of the session. The shell must report `linkOpened`,
 * `record`, `message` and `linkEnded` later, never during one of these calls. During `deliver`, `drain` and `changed`,
 * only `send`, `consumed` and `close` of the session may be called; they update state and schedule a flush.
 */
export interface StartIo {
  /** Returns the transport to attach next. Called whenever there is none or the last one failed. */
  choose(): Transport;
  /**
   * Starts a carrier. A two-way link without a `head` is written to once it is open. Any other carrier is one HTTP
   * request with this head and these messages.
   */
  connect(link: ClientLinkView, head: ClientRecord | undefined, messages: readonly Message[]): void;
  /** Writes a control record on a two-way link. */
  writeRecord(link: ClientLinkView, record: ClientRecord): void;
  /** Writes messages `first` to `last` of `source` on a two-way link. */
  writeMessages(link: ClientLinkView, source: MessageSource, first: number, last: number): void;
  /** Closes the link after what was written, or aborts the request. The session has forgotten the link. */
  end(link: ClientLinkView, reason: ClientLinkEnd): void;
  /**
   * Delivers a message, in order and once. The shell calls `session.consumed(message)` once the callback returned, in
   * order.
   */
  deliver(message: Message): void;
  /**
   * Reports the end, once and last. If this end failed, the session has just started a POST that notifies the server.
   * The shell must let it complete; its answer is not needed.
   */
  ended(verdict: Verdict): void;
  /** Reports that half the window is free again after `send` returned `above`. */
  drain(): void;
  /** Reports that the link from the server that is in use, or whether it is attached, has changed. */
  changed(): void;
  /** Requests `flush(now)` before this tick ends. Called once until then. */
  schedule(): void;
  /** Returns a nonce: 128 random bits as text. */
  nonce(): string;
  /** Returns the bearer token for an `open`. Called for each one. */
  token(): string | undefined;
}

/** Further operations of the client's shell that both stages together use. */
export interface ClientIo extends StartIo {
  /** Reports once, until it fails, that a transport has carried the session for a while with useful traffic (SN-12). */
  proven(transport: Transport): void;
  /** Returns the pause between idle polls in milliseconds; 0 or absent if the server holds them (SN-34). */
  everyMs?(transport: Transport): number;
  /** Returns the failures since the last answered attach, to be sent with the next one (SN-48). */
  tried?(): Pick<AttachRecord, 'tried'> | undefined;
  /**
   * Reports a link that failed. `proven`: the transport was proven, so it is not the cause. `reason`: if it differs
   * from that of the last `end`.
   */
  failed(transport: Transport, proven: boolean, reason?: ClientLinkEnd): void;
  /** Reports that `nextTickAt` has changed, so that the shell sets its timer. */
  timer(): void;
  /** Reports that the server dropped messages of this hint topic (SN-23). */
  reset(topic: string): void;
  /** Returns a random number, uniform in [0, 1), for jitter. */
  random(): number;
  /** Requests a new token, because the session's expires. The shell calls `session.renew` with it later (SN-21). */
  renew(): void;
  /** Reports that `acked` or `peerReceived` may have risen, while `session.want` requests acknowledgements. */
  counted?(): void;
}
