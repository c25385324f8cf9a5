import { addresseeOf } from '../addressee.js';
import type { SessionLimits } from '../limits.js';
import type { Message } from '../message.js';
import type { AttachRecord, BodyRecord, ClientRecord, FailRecord } from '../record.js';
import type { LinkEnd, LinkKind, ServerLinkIo } from './contract.js';
import { isPart } from './partial-message.js';

/** The view of a `ServerSession` that its links use. */
export interface LinkSession {
  /** Handles a record that names its session by id. */
  carrier(
    link: ServerLink,
    record: AttachRecord | BodyRecord | FailRecord,
    messages: readonly Message[],
    now: number,
  ): void;
  /** Handles any other record on an attached two-way link. */
  linkRecord(link: ServerLink, record: ClientRecord, now: number): void;
  /** Handles a message on an attached two-way link. */
  linkMessage(link: ServerLink, message: Message, now: number): void;
  /** Handles the end of a link. */
  linkEnded(link: ServerLink, now: number): void;
  /** Writes everything queued since the last flush. */
  flush(now: number): void;
  /** Handles an error thrown by one of these calls, or throws it again. */
  broke(error: unknown): void;
}

/** The view of the registry that links use. */
export interface SessionDirectory {
  /** Returns the session of that id, open or with its verdict. */
  find(id: string): LinkSession | undefined;
  /**
   * Returns whether the id is a former one or its session has moved. Then the link ends, and its client retries (SN-20,
   * SN-24).
   */
  isFormer(id: string): boolean;
}

/**
 * One carrier at the server, with its own cursors, which no other link changes (SN-5).
 *
 * Calls after `ended`, or after its io's `end`, are ignored.
 */
export class ServerLink {
  readonly kind: LinkKind;
  readonly transport: string;
  readonly io: ServerLinkIo;
  /** The attached session; `null` before. */
  session: LinkSession | null = null;
  open = true;
  /** Numbers of the next message to read and to write; 0 before `from` and before the attach. */
  in = 0;
  out = 0;
  heardAt = 0;
  /** After the attach: time of the next ping, of a held poll's answer, or of a superseded link's end. */
  dueAt = 0;
  /** For a poll: it is answered immediately, because it carried messages or requested it. */
  prompt = false;
  /** Whether `last` was sent on it, so that its client knows that the session is closing. */
  lastSent = false;
  readonly #directory: SessionDirectory;

  constructor(directory: SessionDirectory, kind: LinkKind, transport: string, io: ServerLinkIo) {
    this.#directory = directory;
    this.kind = kind;
    this.transport = transport;
    this.io = io;
  }

  /** Handles a control record, or the head of a request with its messages. For `open` use `SessionRegistry.open`. */
  record(record: ClientRecord, messages: readonly Message[], now: number): void {
    if (!this.open) return;
    this.heardAt = now;
    switch (record.t) {
      case 'probe':
        if (this.kind === 'duplex') this.io.writeRecord(record);
        else this.malformed(now);
        return;
      case 'attach':
      case 'body':
      case 'fail': {
        const session = this.#directory.find(record.id);
        // A link never changes its session, because two histories would share its cursors.
        if (session && this.session && this.session !== session) this.malformed(now);
        else if (session) this.#carry(session, record, messages, now);
        else if (this.#directory.isFormer(record.id)) this.end('frozen', now);
        else {
          this.io.writeRecord({ t: 'refused', code: 'unknown', ...addresseeOf(record) });
          this.end('closed', now);
        }
        return;
      }
      default:
        if (this.session && this.kind === 'duplex') this.#dispatch(this.session, record, now);
        else this.malformed(now);
    }
  }

  #carry(
    session: LinkSession,
    record: AttachRecord | BodyRecord | FailRecord,
    messages: readonly Message[],
    now: number,
  ): void {
    try {
      session.carrier(this, record, messages, now);
    } catch (error) {
      session.broke(error);
    }
  }

  #dispatch(session: LinkSession, record: ClientRecord, now: number): void {
    try {
      session.linkRecord(this, record, now);
    } catch (error) {
      session.broke(error);
    }
  }

  /** Prepares to write messages from `out` on. @param prompt it is a poll to be answered immediately */
  attach(out: number, prompt: boolean): void {
    this.out = out;
    this.prompt = prompt;
    this.lastSent = false;
  }

  /** Handles a message on a two-way link. */
  message(message: Message, now: number): void {
    if (!this.open) return;
    this.heardAt = now;
    const { session } = this;
    if (session === null || this.in === 0) {
      this.malformed(now);
      return;
    }
    try {
      session.linkMessage(this, message, now);
    } catch (error) {
      session.broke(error);
    }
  }

  /** Ends the link, but not the session, because of malformed input (SN-2). */
  malformed(now: number): void {
    this.end('malformed', now);
  }

  /** Handles a half-close of the peer, which may still read: a held poll is answered now, any other carrier ends. */
  peerEnded(now: number): void {
    if (this.kind === 'poll' && this.open) {
      this.prompt = true;
      this.#flush(now);
    }
    if (!this.open) return;
    this.ended(now);
    this.io.end('done');
  }

  #flush(now: number): void {
    try {
      this.session?.flush(now);
    } catch (error) {
      this.session?.broke(error);
    }
  }

  /** Handles the end of the link by a cut or by the peer. */
  ended(now: number): void {
    if (!this.open) return;
    this.open = false;
    this.session?.linkEnded(this, now);
  }

  /** Ends the link from this side, after what was written. */
  end(reason: LinkEnd, now: number): void {
    if (!this.open) return;
    this.open = false;
    this.io.end(reason);
    this.session?.linkEnded(this, now);
  }
}

/** Returns whether a body has any field of a part, so that it must have all. */
function isPartial({ part, at, of, as }: BodyRecord): boolean {
  return [part, at, of, as].some((field) => field !== undefined);
}

/** Returns whether the record fits its carrier (body by POST, attach by any other) and the number of messages. */
export function isWellFormedRecord(
  { kind }: ServerLink,
  record: AttachRecord | BodyRecord,
  count: number,
  { batchMessagesMax, messageBytesMax }: SessionLimits,
): boolean {
  const { t, first = 0, count: stated = 0 } = record;
  if (t === 'body' && isPartial(record) && !isPart(record, messageBytesMax)) return false;
  if (stated !== count || count > batchMessagesMax || (count > 0 && first === 0)) return false;
  if ((t === 'body') !== (kind === 'post')) return false;
  return count === 0 || kind === 'poll' || kind === 'post';
}
