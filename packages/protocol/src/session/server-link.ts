import type { Message } from '../message.js';
import type { AttachRecord, BodyRecord, ClientRecord, FailRecord } from '../record.js';
import type { LinkEnd, LinkKind, ServerLinkIo } from './contract.js';

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
        else if (session) session.carrier(this, record, messages, now);
        else if (this.#directory.isFormer(record.id)) this.end('frozen', now);
        else {
          this.io.writeRecord({ t: 'refused', code: 'unknown' });
          this.end('closed', now);
        }
        return;
      }
      default:
        if (this.session && this.kind === 'duplex') this.session.linkRecord(this, record, now);
        else this.malformed(now);
    }
  }

  /** A message on a two-way link. */
  message(message: Message, now: number): void {
    if (!this.open) return;
    this.heardAt = now;
    if (this.session && this.in > 0) this.session.linkMessage(this, message, now);
    else this.malformed(now);
  }

  /** Something that could not be read: ends the link, not the session (SN-2). */
  malformed(now: number): void {
    this.end('malformed', now);
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
