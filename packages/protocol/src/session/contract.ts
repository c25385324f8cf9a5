import type { CodeOf } from '../error-codes.js';
import type { Message } from '../message.js';
import type { AttachRecord, ClientRecord, ServerRecord } from '../record.js';

/** How a session ended, at this end (SN-4). */
export interface Verdict {
  /** Everything was acknowledged, both ways. */
  readonly clean: boolean;
  /** Stable: `closed`, or why it could not end cleanly: `timeout`, `lost`, `overflow`, `expired`, `hostile`, ... */
  readonly code: CodeOf;
  /** Messages this end sent that the other end's application certainly consumed: numbers 1 to this. */
  readonly acknowledged: number;
  /** Messages `send` accepted in all. */
  readonly sent: number;
  /** `sent - acknowledged`: whether these had an effect is not known. */
  readonly unknown: number;
}

/** What `send` of a session did. `above`: accepted, but above the window, wait for `drain`. `full`, `closed`: not accepted. */
export type SendResult = 'ok' | 'above' | 'full' | 'closed';

/**
 * What the machine knows of a way to travel; names of transports are the shells' affair. `duplex` carries both ways;
 * `stream` down until it ends; `poll` one batch down, and a body up where it has one; `post` one body up.
 */
export type LinkKind = 'duplex' | 'stream' | 'poll' | 'post';

/**
 * Why the machine ended a link. A shell may turn it into a close code or a status; the session goes on unless `closed`. `frozen`:
 * the session is on its way to another node, or was named by a former id; the client is to come again.
 */
export type LinkEnd = 'done' | 'superseded' | 'malformed' | 'gap' | 'silent' | 'closed' | 'frozen';

/** `buffered`: a stream whose messages are held back on the way (SN-13). `busy`, `closing`: the server refused it for the moment (SN-43). */
export type ClientLinkEnd = LinkEnd | 'buffered' | 'busy' | 'closing' | 'crowded';

/** Where numbered messages are read from while they are written. */
export interface MessageSource {
  /** The message of that number; only for numbers of the range just given. */
  messageAt(number: number): Message;
  /** Its frame, where one lies ready and no message is kept of it: `messageAt` would make one. */
  frameAt?(number: number): Uint8Array | null;
}

// The server's shell implements these.

/** One carrier, at the server. Calls come from inside inputs of the machine and must not call back into it. */
export interface ServerLinkIo {
  writeRecord(record: ServerRecord): void;
  /**
   * The run `first` to `last` of `source`, once per flush. Two runs of equal length, equal first and equal last serial are
   * the same run if `last serial - first serial + 1` is that length; otherwise compare the messages (SN-27).
   */
  writeMessages(source: MessageSource, first: number, last: number): void;
  /** After what was written before. The machine has forgotten the link: nothing more needs to be reported of it. */
  end(reason: LinkEnd): void;
}

/**
 * The application's side of one session. From inside these calls `send`, `consumed`, `close` and `fail` of the session may
 * be called: they only take note and schedule a flush.
 */
export interface ServerSessionIo {
  /** The application is to know of it: it was confirmed, or brought messages that pass at once (SN-14). Before any `deliver`. */
  begun(): void;
  /** The first other carrier came, so the session is real (SN-14). */
  confirmed(): void;
  /** In order, each once. The shell calls `session.consumed(message)` when its handler has settled, in the same order. */
  deliver(message: Message): void;
  /**
   * Gives back, in order, what was delivered last and no handler has begun with: the session is suspended (SN-21) or frozen
   * (SN-24). It is delivered again when messages pass again, here or by another node.
   */
  recall(): readonly Message[];
  /** A token that the client was asked for: if it is good, the shell calls `session.renew` (SN-21). */
  token(token: string): void;
  /** Once; nothing comes after it. An unconfirmed session ends without `confirmed`, and mostly without `begun`. */
  ended(verdict: Verdict): void;
  /** `send` had returned `above` and half the window is free again. */
  drain(): void;
  /** `session.transport` changed. */
  changed(): void;
  /** What the client tried before an attach, in its own words (SN-48); `changed` comes behind it. */
  tried?(tried: string): void;
  /** While something is wanted (`session.want`): `acked` or `peerReceived` may have risen. */
  counted?(): void;
  /** Messages of these numbers, not written yet, were replaced and are gone; those behind have moved up (SN-33). */
  renumbered?(removed: readonly number[]): void;
}

/** Everything the registry asks of the shell besides. */
export interface RegistryIo {
  /** Call `registry.flush(now)` before this turn of the event loop ends; asked once until then. */
  schedule(): void;
  /**
   * Something else is about to happen to a session: what the shell still holds back of runs for several of them is to be sent
   * (`sendRun`) before this returns, so that the order is that of the calls (SN-27). It may be called from inside itself.
   */
  catchUp?(): void;
  /**
   * This did not hold in a session, which has ended with `internal` by now; the others go on. Without it the `InvariantError` is thrown.
   *
   * @param io what `createIo` made for it
   */
  broken?(io: ServerSessionIo, invariant: string): void;
  /** A carrier came for a session that this node does not have. */
  elsewhere?(id: string): void;
  /**
   * `session.nextTickAt` has become earlier than it was. A later one is not told: an early tick does no harm.
   *
   * @param io what `createIo` made for it
   */
  sooner(session: ServerSessionView, io: ServerSessionIo): void;
  /** A fresh secret of 128 bits, which with the registry's locator is a session id (SN-20). */
  id(): string;
}

/** What `RegistryIo.sooner` is given; every one is a `ServerSession`. */
export interface ServerSessionView {
  /** Milliseconds of the shell's clock; `Infinity` for never. */
  readonly nextTickAt: number;
  tick(now: number): void;
}

// The client's shell implements these.

/** A transport as the client's shell names it. `kind` is how it travels down; up goes by the same link or by POST. */
export interface Transport {
  readonly name: string;
  readonly kind: 'duplex' | 'stream' | 'poll';
  /** Bodies beside it go where their answers cannot be read, and a poll of it carries none: a script tag with a form (SN-6). */
  readonly blind?: true;
}

/** One carrier, at the client; the shell may keep its own state by it in a `Map`. */
export interface ClientLinkView {
  readonly kind: LinkKind;
  /** `null` for a POST. */
  readonly transport: Transport | null;
}

/**
 * Calls come from inside inputs of the machine. The shell reports back later, never from inside one of these calls:
 * `linkOpened` (two-way links only), `record`, `message`, `linkEnded`. Only `send`, `consumed` and `close` of the session may
 * be called from inside `deliver`, `drain` and `changed`: they take note and schedule a flush.
 */
export interface StartIo {
  /** Which transport to attach next. Asked whenever there is none or the last one failed. */
  choose(): Transport;
  /**
   * Starts a carrier. A two-way link has no `head`: the machine writes when told it is open. Every other one is one HTTP
   * request with this head and these messages beside it.
   */
  connect(link: ClientLinkView, head: ClientRecord | undefined, messages: readonly Message[]): void;
  /** Two-way links only. */
  writeRecord(link: ClientLinkView, record: ClientRecord): void;
  /** Two-way links only; `source.messageAt(k)` for `first <= k <= last`. */
  writeMessages(link: ClientLinkView, source: MessageSource, first: number, last: number): void;
  /** Close after what was written, or abort the request. The machine has forgotten the link. */
  end(link: ClientLinkView, reason: ClientLinkEnd): void;
  /** In order, each once. The shell calls `session.consumed(message)` when the callback has returned, in the same order. */
  deliver(message: Message): void;
  /**
   * Once; nothing comes after it. Where this end failed, the machine has just connected a POST that tells the server: let it
   * leave, its answer matters to nobody.
   */
  ended(verdict: Verdict): void;
  drain(): void;
  /** The down link in use, or whether it is attached, has changed. */
  changed(): void;
  /** Call `flush(now)` before this turn ends; asked once until then. */
  schedule(): void;
  /** 128 random bits as text: a nonce. */
  nonce(): string;
  /** The bearer token for `open`, asked for each time. */
  token(): string | undefined;
}

/** What the whole session asks besides. */
export interface ClientIo extends StartIo {
  /** This transport has carried the session for a while, and something useful on the way (SN-12). Once, until it fails. */
  proven(transport: Transport): void;
  /** Milliseconds between a poll's answer and the next poll while nothing is said; 0 or absent where the server holds them (SN-34). */
  everyMs?(transport: Transport): number;
  /** What failed since the last attach that was answered: the next one says it (SN-48). */
  tried?(): Pick<AttachRecord, 'tried'> | undefined;
  /**
   * A link of this transport ended that should not have. `proven`: as above, so that the transport is not to blame. `reason`: where it is
   * not that of the last `end`.
   */
  failed(transport: Transport, proven: boolean, reason?: ClientLinkEnd): void;
  /** `nextTickAt` has changed: arm the one timer for it. */
  timer(): void;
  /** Messages of this hint topic were dropped by the server (SN-23). */
  reset(topic: string): void;
  /** Uniform in [0, 1): jitter. */
  random(): number;
  /** The session's token runs out: get another and call `session.renew` with it, later (SN-21). */
  renew(): void;
  /** While something is wanted (`session.want`): `acked` or `peerReceived` may have risen. */
  counted?(): void;
}
