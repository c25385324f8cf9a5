// Over 300 lines: ids, nonces, former ids and verdicts of one node's sessions change together.
import { addresseeOf } from '../addressee.js';
import {
  type BufferLimits,
  bufferLimits,
  earlyWindow,
  FEATURES,
  type SessionLimits,
  type SessionTimes,
  sessionLimits,
  sessionTimes,
} from '../limits.js';
import type { Message } from '../message.js';
import type { OpenRecord } from '../record.js';
import { WIRE_VERSION } from '../version.js';
import type { LinkKind, RegistryIo, ServerLinkIo, ServerSessionIo } from './contract.js';
import { InvariantError } from './invariant.js';
import { ServerLink, type SessionDirectory } from './server-link.js';
import { ServerSession } from './server-session.js';
import { sendVerdict } from './server-writing.js';
import * as guard from './session-guard.js';
import type { SessionHome } from './session-home.js';
import type { SessionSnapshot } from './snapshot.js';
import { isVerdictAwaited } from './verdict-awaited.js';

/** Options of a `SessionRegistry`. */
export interface RegistryOptions {
  readonly limits?: Partial<SessionLimits>;
  readonly buffers?: Partial<BufferLimits>;
  readonly times?: Partial<SessionTimes>;
  /** Maximum verdicts kept. When exceeded, evicts the oldest. Later requests for that session get `refused`. */
  readonly tombstonesMax?: number;
  /**
   * Whether early messages of an `open` are delivered before their session is confirmed (SN-14). It saves a round trip,
   * for an application that tolerates the same message again in another session. Default false.
   */
  readonly earlyAtOnce?: boolean;
  /** Suffix of each id that locates its node (SN-20). Default none. */
  readonly locator?: string;
}

/**
 * Holds the sessions of one node (server process): by id, by nonce, and for 60 s after their end as tombstones, which
 * answer every request with the verdict.
 *
 * The shell (the server's I/O code) creates a `link` for each socket or HTTP request, and reports all input to it. An
 * HTTP request is one call of `link.record`, with its record and messages. The answer comes through the link's io,
 * immediately or (poll, stream) later. The shell must authenticate an `open` record and pass it to `open`. It must end a
 * link that names no session within a few seconds.
 */
export class SessionRegistry implements SessionHome<ServerSession>, SessionDirectory {
  readonly limits: SessionLimits;
  readonly buffers: BufferLimits;
  readonly times: SessionTimes;
  readonly earlyAtOnce: boolean;
  now = 0;
  readonly #locator: string;
  readonly #tombstonesMax: number;
  readonly #io: RegistryIo;
  /** Sessions by secret. A session from another node is listed under its whole id until its client uses the new id. */
  readonly #byKey = new Map<string, ServerSession>();
  readonly #byNonce = new Map<string, ServerSession>();
  /** Tombstones, oldest first, and when each is removed. */
  readonly #tombstones = new Map<ServerSession, number>();
  /** The former key of a session with a new one, valid until the new one is used (SN-20). */
  readonly #formerOf = new Map<ServerSession, string>();
  /** Keys that are no longer valid here although their session continues, and until when they are remembered. */
  readonly #former = new Map<string, number>();
  #touched: ServerSession[] = [];
  #scheduled = false;

  /** @throws RangeError if the `up` window is smaller than the early window of an `open` (SN-14). */
  constructor(io: RegistryIo, options: RegistryOptions = {}) {
    this.#io = io;
    this.#locator = options.locator ?? '';
    this.#tombstonesMax = options.tombstonesMax ?? Number.POSITIVE_INFINITY;
    this.limits = { ...sessionLimits, ...options.limits };
    this.buffers = { ...bufferLimits, ...options.buffers };
    this.times = { ...sessionTimes, ...options.times };
    this.earlyAtOnce = options.earlyAtOnce ?? false;
    const { up } = this.limits;
    if (up.messages < earlyWindow.messages || up.bytes < earlyWindow.bytes)
      throw new RangeError('limits.up is too small for the early messages of an open: raise it.');
  }

  /** Number of open sessions, including unconfirmed ones. */
  get size(): number {
    return this.#byKey.size - this.#formerOf.size - this.#tombstones.size;
  }

  /** Iterates over the open sessions. */
  *sessions(): Iterable<ServerSession> {
    for (const [key, session] of this.#byKey) if (!session.done && session.key === key) yield session;
  }

  /** Iterates over the sessions, open or ended, for whose verdict a client is expected to ask. */
  *awaited(now: number): Iterable<ServerSession> {
    for (const [key, session] of this.#byKey) if (session.key === key && isVerdictAwaited(session, now)) yield session;
  }

  /** Returns the session of that id, open or with its verdict. */
  find(id: string): ServerSession | undefined {
    const session = this.#byKey.get(this.#keyOf(id));
    if (!session) this.#io.elsewhere?.(id);
    return session;
  }

  /** Returns the session that an `open` with this nonce has started, open or with its verdict; `undefined` if none. */
  ofNonce(nonce: string): ServerSession | undefined {
    return this.#byNonce.get(nonce);
  }

  isFormer(id: string): boolean {
    return this.#former.has(this.#keyOf(id));
  }

  idOf(key: string): string {
    return key.includes('.') ? key : key + this.#locator;
  }

  formerId(session: ServerSession): string | null {
    const key = this.#formerOf.get(session);
    return key === undefined ? null : this.idOf(key);
  }

  /**
   * Gives a session a new secret, which its client uses from its next carrier on. The old one stays valid until then
   * (SN-20).
   */
  rotate(session: ServerSession): void {
    if (session.done || session.frozen || this.#formerOf.has(session)) return;
    this.#rename(session, this.#io.id());
  }

  /**
   * Continues a session of another node in the next term, under an id of this node (SN-24). The caller must trust the
   * source of the snapshot. The checksum detects damage but proves nothing, so anyone who can write snapshots can
   * create any session.
   *
   * @returns `null` if its id is known here, so that one of the two sessions must be wrong
   * @throws InvariantError, without any effect, if the parts of the snapshot contradict each other
   */
  restore(
    snapshot: SessionSnapshot,
    createIo: (session: ServerSession) => ServerSessionIo,
    now: number,
  ): ServerSession | null {
    this.now = now;
    const last = this.#keyOf(snapshot.id);
    const key = snapshot.former === null ? last : this.#keyOf(snapshot.former);
    if (this.#byKey.has(key) || this.#byKey.has(last)) return null;
    const session = new ServerSession(this, key, snapshot.nonce, createIo, snapshot);
    // Resumed before it is registered, so that a contradictory snapshot leaves nothing.
    session.resume(snapshot, now);
    // A late `open` may have created a session here that will never be confirmed (SN-14).
    if (!this.#byNonce.has(session.nonce)) this.#byNonce.set(session.nonce, session);
    this.#byKey.set(key, session);
    for (const known of [key, last]) this.#former.delete(known);
    if (key !== last) this.#rename(session, last);
    else if (key.includes('.')) this.rotate(session);
    return session;
  }

  /** Creates a link. @param transport the shell's name for it, shown as `session.transport` while it is written to */
  link(kind: LinkKind, transport: string, io: ServerLinkIo): ServerLink {
    return new ServerLink(this, kind, transport, io);
  }

  /**
   * Answers an authenticated `open`: with `opened`, with `closed` if the nonce's session has ended, or with `refused`
   * if its client has another version (SN-42). Calls `createIo` only if the nonce is new. Ends an HTTP link; a two-way
   * one can be attached.
   */
  open(
    link: ServerLink,
    record: OpenRecord,
    messages: readonly Message[],
    createIo: (session: ServerSession) => ServerSessionIo,
    now: number,
  ): void {
    if (!link.open) return;
    this.now = now;
    // A two-way link has agreed on the version before its first record.
    const versioned = link.kind !== 'duplex' && { version: WIRE_VERSION };
    if (versioned && record.version !== WIRE_VERSION) {
      link.io.writeRecord({ t: 'refused', code: 'wire_version', ...addresseeOf(record) });
      link.end('closed', now);
      return;
    }
    const { first = 1, count = 0 } = record;
    const bytes = messages.reduce((sum, message) => sum + message.byteLength, 0);
    if (count !== messages.length || count > earlyWindow.messages || bytes > earlyWindow.bytes || first < 1) {
      link.malformed(now);
      return;
    }
    let session = this.#byNonce.get(record.nonce);
    if (!session) {
      session = new ServerSession(this, this.#io.id(), record.nonce, createIo);
      session.features = record.features ?? '';
      this.#byNonce.set(record.nonce, session);
      this.#byKey.set(session.key, session);
    }
    if (session.done) {
      sendVerdict(session, link, addresseeOf(record), now);
      return;
    }
    session.early(first, messages, bytes);
    // A handler may have ended the session.
    if (session.done) {
      sendVerdict(session, link, addresseeOf(record), now);
      return;
    }
    const { id, nonce } = session;
    const { received } = session.flow.incoming;
    link.io.writeRecord({ t: 'opened', id, nonce, received, limits: this.limits, features: FEATURES, ...versioned });
    if (link.kind !== 'duplex') link.end('done', now);
    else if (record.instance !== undefined) session.attachFirst(link, record.instance);
  }

  /** Writes everything queued in this tick, one run per link (SN-27). */
  flush(now: number): void {
    this.now = now;
    let flushed = 0;
    try {
      // An ending session may make its application send to others, which are appended during the loop.
      while (flushed < this.#touched.length) {
        const session = this.#touched[flushed] as ServerSession;
        flushed += 1;
        session.touched = false;
        guard.flush(session, now);
      }
    } finally {
      // After an error in one session, the others are flushed in the next tick.
      this.#touched = this.#touched.slice(flushed);
      this.#scheduled = this.#touched.length > 0;
      if (this.#scheduled) this.#io.schedule();
    }
  }

  /** Forgets verdicts older than 60 s. Call it about once a second. For sessions see `ServerSession.nextTickAt`. */
  tick(now: number): void {
    for (const [session, until] of this.#tombstones) {
      if (now < until) break;
      this.#forget(session);
    }
    for (const [key, until] of this.#former) {
      if (now < until) break;
      this.#former.delete(key);
    }
  }

  touch(session: ServerSession): void {
    session.touched = true;
    this.#touched.push(session);
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#io.schedule();
  }

  catchUp(): void {
    this.#io.catchUp?.();
  }

  sooner(session: ServerSession): void {
    this.#io.sooner(session, session.delivery.io);
  }

  /** Ends a session with a broken invariant; the others continue. */
  broke(session: ServerSession, error: unknown): void {
    if (!(error instanceof InvariantError) || this.#io.broken === undefined) throw error;
    const { io } = session.delivery;
    session.fail('internal');
    this.#io.broken(io, error.invariant);
  }

  buried(session: ServerSession): void {
    this.#tombstones.set(session, this.now + this.times.tombstoneMs);
    const [oldest] = this.#tombstones.keys();
    if (oldest && this.#tombstones.size > this.#tombstonesMax) this.#forget(oldest);
  }

  /**
   * Invalidates the former id. A later carrier that uses it is late or has stolen it, and gets no answer either way.
   */
  rotated(session: ServerSession): void {
    const former = this.#formerOf.get(session);
    if (former === undefined) return;
    this.#formerOf.delete(session);
    this.#byKey.delete(former);
    this.#retire(former);
    if (session.key.includes('.')) this.rotate(session);
  }

  #rename(session: ServerSession, key: string): void {
    this.#formerOf.set(session, session.key);
    session.rotateTo(key);
    this.#byKey.set(key, session);
  }

  /** Forgets a moved session, but remembers its keys for carriers that are still in flight. */
  moved(session: ServerSession): void {
    const former = this.#formerOf.get(session);
    this.#forget(session);
    this.#retire(session.key);
    if (former !== undefined) this.#retire(former);
  }

  #retire(key: string): void {
    this.#former.set(key, this.now + this.times.tombstoneMs);
    const [oldest] = this.#former.keys();
    if (oldest !== undefined && this.#former.size > this.#tombstonesMax) this.#former.delete(oldest);
  }

  /** Returns the id without this node's locator; the whole id if it is of another node. */
  #keyOf(id: string): string {
    const locator = this.#locator;
    return id.endsWith(locator) ? id.slice(0, id.length - locator.length) : id;
  }

  #forget(session: ServerSession): void {
    this.#tombstones.delete(session);
    this.#byKey.delete(session.key);
    this.#byKey.delete(this.#formerOf.get(session) ?? '');
    this.#formerOf.delete(session);
    // The nonce is removed with the verdict. An `open` this late must get a new session, because the old one is
    // unknown.
    if (this.#byNonce.get(session.nonce) === session) this.#byNonce.delete(session.nonce);
  }
}
