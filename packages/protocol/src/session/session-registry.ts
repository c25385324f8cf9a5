// Over 300 lines: ids, nonces, former ids and verdicts of one node's sessions change together.
import { addresseeOf } from '../addressee.js';
import {
  type BufferLimits,
  bufferLimits,
  earlyWindow,
  features,
  type SessionLimits,
  type SessionTimes,
  sessionLimits,
  sessionTimes,
} from '../limits.js';
import type { Message } from '../message.js';
import type { OpenRecord } from '../record.js';
import { wireVersion } from '../version.js';
import type { LinkKind, RegistryIo, ServerLinkIo, ServerSessionIo } from './contract.js';
import { InvariantError } from './invariant.js';
import { ServerLink, type SessionDirectory } from './server-link.js';
import { ServerSession } from './server-session.js';
import { tellVerdict } from './server-writing.js';
import * as guard from './session-guard.js';
import type { SessionHome } from './session-home.js';
import type { SessionSnapshot } from './snapshot.js';

export interface RegistryOptions {
  readonly limits?: Partial<SessionLimits>;
  readonly buffers?: Partial<BufferLimits>;
  readonly times?: Partial<SessionTimes>;
  /** Verdicts kept at once. Above, the oldest is forgotten before its time; who asks for it hears `refused`. */
  readonly tombstonesMax?: number;
  /**
   * Whether messages that came with an `open` are delivered before their session is confirmed (SN-14): a round trip less, for an
   * application to which the same message may come again, in another session. Default false.
   */
  readonly earlyAtOnce?: boolean;
  /** Stands behind the secret in each id: where the session is to be found (SN-20). Default none. */
  readonly locator?: string;
}

/**
 * The sessions of one node: by id, by nonce, and for 60 s as tombstones that answer with their verdict.
 *
 * A shell makes one `link` per carrier and reports to it. An HTTP carrier is one `link.record` with its head and messages;
 * the answer comes through its io, at once or (poll, stream) later. `open` goes through `open`, because the shell
 * authenticates first. A link that names no session within a few seconds is the shell's to end.
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
  /** By the secret; one that came from another node has, until its new id is used, its whole id here. */
  readonly #byKey = new Map<string, ServerSession>();
  readonly #byNonce = new Map<string, ServerSession>();
  /** Tombstones in the order of their burial, and when each ends. */
  readonly #tombstones = new Map<ServerSession, number>();
  /** The former key of a session that was given a new one, good until that is used (SN-20). */
  readonly #formerOf = new Map<ServerSession, string>();
  /** Keys of living sessions that are out of use here, and until when that is remembered. */
  readonly #former = new Map<string, number>();
  #touched: ServerSession[] = [];
  #scheduled = false;

  /** @throws RangeError where the `up` window is smaller than what an `open` may bring (SN-14). */
  constructor(io: RegistryIo, options: RegistryOptions = {}) {
    this.#io = io;
    this.#locator = options.locator ?? '';
    this.#tombstonesMax = options.tombstonesMax ?? Number.POSITIVE_INFINITY;
    this.limits = { ...sessionLimits, ...options.limits };
    this.buffers = { ...bufferLimits, ...options.buffers };
    this.times = { ...sessionTimes, ...options.times };
    this.earlyAtOnce = options.earlyAtOnce ?? false;
    const { up } = this.limits;
    if (up.messages < earlyWindow.messages || up.bytes < earlyWindow.bytes) throw new RangeError('limits.up');
  }

  /** Living sessions, unconfirmed ones included. */
  get size(): number {
    return this.#byKey.size - this.#formerOf.size - this.#tombstones.size;
  }

  *sessions(): Iterable<ServerSession> {
    for (const [key, session] of this.#byKey) if (!session.done && session.key === key) yield session;
  }

  /** The session of that id, living or with its verdict. */
  find(id: string): ServerSession | undefined {
    const session = this.#byKey.get(this.#keyOf(id));
    if (!session) this.#io.elsewhere?.(id);
    return session;
  }

  /** The session that an `open` with this nonce gets, living or with its verdict. */
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

  /** Gives a session another secret, which its client uses from its next carrier on; the old one is good until then (SN-20). */
  rotate(session: ServerSession): void {
    if (session.done || session.frozen || this.#formerOf.has(session)) return;
    this.#rename(session, this.#io.id());
  }

  /**
   * Goes on with a session of another node, in the next term (SN-24). The caller vouches for where the snapshot came from: its checksum finds damage and
   * proves nothing, so whoever can write snapshots can make any session. A session that came from another node gets an id of this one.
   *
   * @returns `null` where its id is known here: then one of the two is not what it seems
   * @throws InvariantError where the parts of the snapshot contradict each other; nothing is kept of it
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
    // Before it is known here: nothing is kept of one that contradicts itself.
    session.resume(snapshot, now);
    // A late `open` may have made one here that nobody will confirm (SN-14).
    if (!this.#byNonce.has(session.nonce)) this.#byNonce.set(session.nonce, session);
    this.#byKey.set(key, session);
    for (const known of [key, last]) this.#former.delete(known);
    if (key !== last) this.#rename(session, last);
    else if (key.includes('.')) this.rotate(session);
    return session;
  }

  /** @param transport the shell's name for it, shown as `session.transport` while it is written to. */
  link(kind: LinkKind, transport: string, io: ServerLinkIo): ServerLink {
    return new ServerLink(this, kind, transport, io);
  }

  /**
   * Answers an authenticated `open` with `opened`, with `closed` where the nonce's session has ended, or with `refused` where its
   * client speaks another version of the wire (SN-42). `createIo` is
   * called only when the nonce is new. An HTTP link is ended after it; a two-way one goes on to `attach`.
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
    const versioned = link.kind !== 'duplex' && { version: wireVersion };
    if (versioned && record.version !== wireVersion) {
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
      tellVerdict(session, link, addresseeOf(record), now);
      return;
    }
    session.early(first, messages, bytes);
    // A handler may have ended it.
    if (session.done) {
      tellVerdict(session, link, addresseeOf(record), now);
      return;
    }
    const { id, nonce } = session;
    const { received } = session.ledger.incoming;
    link.io.writeRecord({ t: 'opened', id, nonce, received, limits: this.limits, features, ...versioned });
    if (link.kind !== 'duplex') link.end('done', now);
    else if (record.instance !== undefined) session.attachFirst(link, record.instance);
  }

  /** Writes everything gathered in this turn: one run per link (SN-27). */
  flush(now: number): void {
    this.now = now;
    let flushed = 0;
    try {
      // A session that ends may make its application touch others: they join the list while it is walked.
      while (flushed < this.#touched.length) {
        const session = this.#touched[flushed] as ServerSession;
        flushed += 1;
        session.touched = false;
        guard.flush(session, now);
      }
    } finally {
      // One session's fault must not silence the rest of them: they are flushed in the next turn.
      this.#touched = this.#touched.slice(flushed);
      this.#scheduled = this.#touched.length > 0;
      if (this.#scheduled) this.#io.schedule();
    }
  }

  /** Forgets verdicts older than 60 s; call about once a second. Sessions tick by themselves, see `ServerSession.nextTickAt`. */
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

  /** A defect shows in one session: it ends, and those beside it go on. */
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

  /** The new id came. Who comes with the former one is late, or has stolen it: neither is told anything. */
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

  /** Who still comes for it here was on the way before it left. */
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

  /** What stands before this node's locator; an id of another node as it is. */
  #keyOf(id: string): string {
    const locator = this.#locator;
    return id.endsWith(locator) ? id.slice(0, id.length - locator.length) : id;
  }

  #forget(session: ServerSession): void {
    this.#tombstones.delete(session);
    this.#byKey.delete(session.key);
    this.#byKey.delete(this.#formerOf.get(session) ?? '');
    this.#formerOf.delete(session);
    // The nonce goes with the verdict: an `open` this late is a new session, and must be, for nobody knows the old one.
    if (this.#byNonce.get(session.nonce) === session) this.#byNonce.delete(session.nonce);
  }
}
