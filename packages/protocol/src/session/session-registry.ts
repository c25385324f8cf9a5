import {
  type BufferLimits,
  bufferLimits,
  earlyWindow,
  type SessionLimits,
  type SessionTimes,
  sessionLimits,
  sessionTimes,
} from '../limits.js';
import type { Message } from '../message.js';
import type { OpenRecord } from '../record.js';
import type { LinkKind, RegistryIo, ServerLinkIo, ServerSessionIo } from './contract.js';
import { ServerLink, type SessionDirectory } from './server-link.js';
import { ServerSession, type SessionHome } from './server-session.js';

export interface RegistryOptions {
  readonly limits?: Partial<SessionLimits>;
  readonly buffers?: Partial<BufferLimits>;
  readonly times?: Partial<SessionTimes>;
  /** Verdicts kept at once. Above, the oldest is forgotten before its time; who asks for it hears `refused`. */
  readonly tombstonesMax?: number;
}

/**
 * The sessions of one node: by id, by nonce, and for 60 s as tombstones that answer with their verdict.
 *
 * A shell makes one `link` per carrier and reports to it. An HTTP carrier is one `link.record` with its head and messages;
 * the answer comes through its io, at once or (poll, stream) later. `open` goes through `open`, because the shell
 * authenticates first. A link that names no session within a few seconds is the shell's to end.
 */
export class SessionRegistry implements SessionHome, SessionDirectory {
  readonly limits: SessionLimits;
  readonly buffers: BufferLimits;
  readonly times: SessionTimes;
  now = 0;
  readonly #tombstonesMax: number;
  readonly #io: RegistryIo;
  readonly #byId = new Map<string, ServerSession>();
  readonly #byNonce = new Map<string, ServerSession>();
  /** Tombstones in the order of their burial, and when each ends. */
  readonly #tombstones = new Map<ServerSession, number>();
  #touched: ServerSession[] = [];
  #scheduled = false;

  /** @throws RangeError where the `up` window is smaller than what an `open` may bring (SN-14). */
  constructor(io: RegistryIo, options: RegistryOptions = {}) {
    this.#io = io;
    this.#tombstonesMax = options.tombstonesMax ?? Number.POSITIVE_INFINITY;
    this.limits = { ...sessionLimits, ...options.limits };
    this.buffers = { ...bufferLimits, ...options.buffers };
    this.times = { ...sessionTimes, ...options.times };
    const { up } = this.limits;
    if (up.messages < earlyWindow.messages || up.bytes < earlyWindow.bytes) throw new RangeError('limits.up');
  }

  /** Living sessions, unconfirmed ones included. */
  get size(): number {
    return this.#byId.size - this.#tombstones.size;
  }

  *sessions(): Iterable<ServerSession> {
    for (const session of this.#byId.values()) if (!session.done) yield session;
  }

  /** The session of that id, living or with its verdict. */
  find(id: string): ServerSession | undefined {
    return this.#byId.get(id);
  }

  /** @param transport the shell's name for it, shown as `session.transport` while it is written to. */
  link(kind: LinkKind, transport: string, io: ServerLinkIo): ServerLink {
    return new ServerLink(this, kind, transport, io);
  }

  /**
   * Answers an authenticated `open` with `opened`, or with `closed` where the nonce's session has ended. `createIo` is
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
    const { first = 1, count = 0 } = record;
    const bytes = messages.reduce((sum, message) => sum + message.byteLength, 0);
    if (count !== messages.length || count > earlyWindow.messages || bytes > earlyWindow.bytes || first < 1) {
      link.malformed(now);
      return;
    }
    let session = this.#byNonce.get(record.nonce);
    if (!session) {
      session = new ServerSession(this, this.#io.id(), record.nonce, createIo);
      this.#byNonce.set(record.nonce, session);
      this.#byId.set(session.id, session);
    }
    if (session.done) {
      session.tellVerdict(link);
      return;
    }
    session.early(first, messages, bytes);
    link.io.writeRecord({ t: 'opened', id: session.id, received: session.received, limits: this.limits });
    if (link.kind !== 'duplex') link.end('done', now);
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
        session.flush(now);
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
      if (now < until) return;
      this.#forget(session);
    }
  }

  touch(session: ServerSession): void {
    session.touched = true;
    this.#touched.push(session);
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#io.schedule();
  }

  sooner(session: ServerSession): void {
    this.#io.sooner(session);
  }

  buried(session: ServerSession): void {
    this.#tombstones.set(session, this.now + this.times.tombstoneMs);
    const [oldest] = this.#tombstones.keys();
    if (oldest && this.#tombstones.size > this.#tombstonesMax) this.#forget(oldest);
  }

  #forget(session: ServerSession): void {
    this.#tombstones.delete(session);
    this.#byId.delete(session.id);
    // The nonce goes with the verdict: an `open` this late is a new session, and must be, for nobody knows the old one.
    this.#byNonce.delete(session.nonce);
  }
}
