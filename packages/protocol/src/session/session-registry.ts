import type { BufferLimits, SessionLimits, SessionTimes } from '../limits.js';
import type { Message } from '../message.js';
import type { ClientRecord, OpenRecord } from '../record.js';
import type { LinkKind, RegistryIo, ServerLinkIo, ServerSessionIo } from './contract.js';
import type { ServerLink, ServerSession } from './server-session.js';

export interface RegistryOptions {
  readonly limits?: Partial<SessionLimits>;
  readonly buffers?: Partial<BufferLimits>;
  readonly times?: Partial<SessionTimes>;
}

/**
 * The sessions of one node: by id, by nonce, and as tombstones.
 *
 * A shell makes one `link` per carrier and reports to it. An HTTP carrier is one `link.record` with its head and messages;
 * the answer comes through its io, at once or (poll, stream) later. `open` goes through `open`, because the shell
 * authenticates first.
 */
export declare class SessionRegistry {
  constructor(io: RegistryIo, options?: RegistryOptions);
  readonly limits: SessionLimits;
  /** Living sessions, unconfirmed ones included. */
  readonly size: number;
  sessions(): Iterable<ServerSession>;
  /** @param transport the shell's name for it, shown as `session.transport` while written to. */
  link(kind: LinkKind, transport: string, io: ServerLinkIo): ServerLink;
  /**
   * Answers an authenticated `open` with `opened`, or `closed` where the nonce's session has ended. `createIo` is called
   * only when the nonce is new. An HTTP link is ended after it; a two-way one goes on to `attach`.
   */
  open(
    link: ServerLink,
    record: OpenRecord,
    messages: readonly Message[],
    createIo: (session: ServerSession) => ServerSessionIo,
    now: number,
  ): void;
  /** Writes everything gathered in this turn: one run per link (SN-27). */
  flush(now: number): void;
  /** Buries verdicts older than 60 s; call about once a second. Sessions tick by themselves, see `ServerSession.nextTickAt`. */
  tick(now: number): void;
}

export type { ClientRecord };
