import { addresseeOf } from '../addressee.js';
import type { SessionLimits } from '../limits.js';
import type { Message } from '../message.js';
import type { AttachRecord, BodyRecord, ClientRecord, FailRecord } from '../record.js';
import type { LinkEnd, LinkKind, ServerLinkIo } from './contract.js';
import { isPart } from './partial-message.js';

/** What a link tells its session; every one is a `ServerSession`. */
export interface LinkSession {
  carrier(
    link: ServerLink,
    record: AttachRecord | BodyRecord | FailRecord,
    messages: readonly Message[],
    now: number,
  ): void;
  linkRecord(link: ServerLink, record: ClientRecord, now: number): void;
  linkMessage(link: ServerLink, message: Message, now: number): void;
  linkEnded(link: ServerLink, now: number): void;
  flush(now: number): void;
  /** Takes what one of these calls has thrown, or throws it on. */
  broke(error: unknown): void;
}

/** What a link asks of the registry: the living session or the tombstone of that id. */
export interface SessionDirectory {
  find(id: string): LinkSession | undefined;
  /** A former id of a session, or one that has moved: the link ends, its client comes again as it was told (SN-20, SN-24). */
  isFormer(id: string): boolean;
}

/**
 * One carrier of the server, with its own cursors: what other links carried never moves them (SN-5).
 *
 * After `ended`, or its io's `end`, every call is ignored.
 */
export class ServerLink {
  readonly kind: LinkKind;
  readonly transport: string;
  readonly io: ServerLinkIo;
  /** The session it is attached to; `null` before. */
  session: LinkSession | null = null;
  open = true;
  /** Number of the next message to be read from it, and written to it; 0 before `from` and before the attach. */
  in = 0;
  out = 0;
  heardAt = 0;
  /** From its attach on, when the machine has something to do with it: the next ping, a parked poll's answer, a superseded link's end. */
  dueAt = 0;
  /** A poll that brought messages, or asked for it, is answered at once. */
  prompt = false;
  /** Its reader has been told that the session is closing. */
  toldLast = false;
  readonly #directory: SessionDirectory;

  constructor(directory: SessionDirectory, kind: LinkKind, transport: string, io: ServerLinkIo) {
    this.#directory = directory;
    this.kind = kind;
    this.transport = transport;
    this.io = io;
  }

  /** A control record, or the head of a request with the messages beside it. Never `open`, see `SessionRegistry.open`. */
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
        // A link never changes its session: bytes of two histories would share its cursors.
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
        if (this.session && this.kind === 'duplex') this.#tell(this.session, record, now);
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

  #tell(session: LinkSession, record: ClientRecord, now: number): void {
    try {
      session.linkRecord(this, record, now);
    } catch (error) {
      session.broke(error);
    }
  }

  /** It is written to from message `out` on. @param prompt it is a poll that is answered at once */
  attach(out: number, prompt: boolean): void {
    this.out = out;
    this.prompt = prompt;
    this.toldLast = false;
  }

  /** A message on a two-way link. */
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

  /** Something that could not be read: ends the link, not the session (SN-2). */
  malformed(now: number): void {
    this.end('malformed', now);
  }

  /** The peer has ended its side and may still read: a parked poll is answered now, any other carrier ends. */
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

  /** It was cut, or the other side closed it. */
  ended(now: number): void {
    if (!this.open) return;
    this.open = false;
    this.session?.linkEnded(this, now);
  }

  /** Ends it from this side, after what was written. */
  end(reason: LinkEnd, now: number): void {
    if (!this.open) return;
    this.open = false;
    this.io.end(reason);
    this.session?.linkEnded(this, now);
  }
}

/** Whether a body has any field of a part: then it has to have all. */
function isPartial({ part, at, of, as }: BodyRecord): boolean {
  return [part, at, of, as].some((field) => field !== undefined);
}

/** Whether a POST carries a body and every other carrier an attach, and with it as many messages as it says. */
export function isWellFormed(
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
