// Over 300 lines: one link from its opening to the verdict; whatever could be loaded later is in other files already.
import type { Counts } from '../counts.js';
import { type BufferLimits, bufferLimits, earlyWindow, features, type Window } from '../limits.js';
import type { Message } from '../message.js';
import type {
  AckRecord,
  AttachedRecord,
  ClosedRecord,
  OpenedRecord,
  OpenRecord,
  PingRecord,
  PongRecord,
  ServerRecord,
} from '../record.js';
import { ClientLink } from './client-link.js';
import type { ClientLinkView, StartIo, Transport } from './contract.js';
import { SessionCore } from './session-core.js';

export interface StartOptions {
  /** Random whole number that tells this instance from a duplicated tab (SN-9). */
  readonly instance: number;
  /** That of the session to go on with; a new one by default. */
  readonly nonce?: string;
  readonly buffers?: Partial<BufferLimits>;
}

/** The session that goes on from this one: a `ClientSession`. */
export interface Successor {
  readonly now: number;
  linkOpened(link: ClientLinkView, now: number): void;
  record(link: ClientLinkView, record: ServerRecord, now: number): void;
  gap(link: ClientLink): void;
}

/**
 * The client's session on its first two-way link: opens and attaches within the handshake, sends, delivers, acknowledges,
 * answers pings, closes. It has no clock of its own and knows no other link. `ClientSession` goes on from here; whatever only
 * that can do is handed to `later`, and nothing is read any more until then, so that the order of events stays.
 */
export class ClientStart extends SessionCore {
  declare readonly io: StartIo;
  declare readonly instance: number;
  declare nonce: string;
  /** Clock reading of the input being handled. */
  now = 0;
  /** Session id, `null` until `opened`. */
  id: string | null = null;
  /** What the server can do beyond the first version, as in `opened`; empty before. */
  features = '';
  /** The down link in use, `null` while there is none. */
  current: ClientLink | null = null;
  /** The two-way link written to; without one, bodies travel by POST. */
  up: ClientLink | null = null;
  /** Every carrier that is still read. */
  readonly links: Set<ClientLink> = new Set();
  /** Whether the head of a down link has come and none has failed since. */
  attached = false;
  /** Highest attach number used. */
  attaches = 0;
  scheduled = false;
  /** Something waits for `ClientSession`. */
  stalled = false;
  readonly #later: ((task: (session: Successor) => void) => void) | undefined;

  /** @param later keeps tasks, in order, for the session that is going to adopt this one */
  constructor(io: StartIo, options: StartOptions, later?: (task: (session: Successor) => void) => void) {
    super({ ...bufferLimits, ...options.buffers });
    this.io = io;
    this.instance = options.instance;
    this.nonce = options.nonce ?? io.nonce();
    this.#later = later;
  }

  /** Before `opened` only what an `open` may bring is under way (SN-14). */
  override get windowOut(): Window {
    return this.id ? this.limits.up : earlyWindow;
  }

  override get windowIn(): Window {
    return this.limits.down;
  }

  /** Opens the session; `send` may come before. */
  start(now: number): void {
    this.flush(now);
  }

  /** Writes what was gathered in this turn. */
  flush(now: number): void {
    this.now = now;
    this.scheduled = false;
    if (!this.done) this.pump();
  }

  /** A two-way link is open. @param headed the server took what came in the handshake; else it is yet to be said (SN-40) */
  linkOpened(view: ClientLinkView, now: number, headed?: boolean): void {
    const link = this.heard(view, now);
    if (!link) return;
    link.openedAt = now;
    if (!headed) this.#later?.((session) => session.linkOpened(link, session.now));
  }

  /** Any record; the records and messages of an HTTP answer one by one, before `linkEnded`. */
  record(view: ClientLinkView, record: ServerRecord, now: number): void {
    const link = this.heard(view, now);
    if (link) this.#onRecord(link, record);
    this.flush(now);
  }

  message(view: ClientLinkView, message: Message, now: number): void {
    const link = this.heard(view, now);
    if (!link) return;
    this.use(link, true);
    if (link.in === 0 || !this.take(link, message)) this.gap(link);
  }

  override fail(code: string): void {
    if (this.done) return;
    const { id, up } = this;
    if (up) this.io.writeRecord(up, { t: 'fail', id: id as string, code, ack: this.settled });
    this.end(false, code);
  }

  protected override deliver(message: Message): void {
    this.io.deliver(message);
  }

  protected override drained(): void {
    this.io.drain();
  }

  protected override touch(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    this.io.schedule();
  }

  protected begin(kind: ClientLink['kind'], transport: Transport | null, opens: Transport | null): ClientLink {
    const link = new ClientLink(kind, transport, opens, this.now);
    this.links.add(link);
    return link;
  }

  protected open(transport: Transport): void {
    const link = this.begin('duplex', transport, transport);
    this.attaches = link.n = 1;
    this.io.connect(link, { ...this.openRecord(), instance: this.instance }, []);
  }

  protected openRecord(): OpenRecord {
    const token = this.io.token();
    return { t: 'open', nonce: this.nonce, features, ...(token && { token }) };
  }

  protected pump(): void {
    const closes = this.closingAt === -1;
    if (closes) this.closingAt = this.now;
    if (this.up) this.pumpUp(this.up, closes);
    else if (!this.links.size && !this.id) this.open(this.io.choose());
  }

  /** @param due counts have to be told again */
  protected pumpUp(up: ClientLink, due: boolean): void {
    const last = this.allowed;
    if (up.out <= last) {
      this.io.writeMessages(up, this, up.out, last);
      up.out = last + 1;
      this.written = Math.max(this.written, last);
    }
    if (this.ackDue() || due) this.io.writeRecord(up, { t: 'ack', ...this.counts() });
  }

  protected heard(view: ClientLinkView, now: number): ClientLink | undefined {
    this.now = now;
    const link = view as ClientLink;
    if (this.stalled || !this.links.has(link)) return undefined;
    link.heardAt = now;
    return link;
  }

  /** Traffic beyond the head: the transport works (SN-12). */
  protected use(link: ClientLink, _message?: boolean): void {
    link.useful = true;
  }

  /** What was read is not to be gone on from (SN-2). */
  protected gap(link: ClientLink): void {
    this.#hold((session) => session.gap(link));
  }

  /** A record that one link alone cannot be told. */
  protected beyond(link: ClientLink, record: ServerRecord): void {
    this.#hold((session) => session.record(link, record, session.now));
  }

  #hold(task: (session: Successor) => void): void {
    this.stalled = true;
    this.#later?.(task);
  }

  #onRecord(link: ClientLink, record: ServerRecord): void {
    switch (record.t) {
      case 'opened':
        if (this.id) break;
        this.#onOpened(link, record);
        return;
      case 'attached':
        this.#onAttached(link, record);
        return;
      case 'ack':
      case 'ping':
      case 'pong':
        this.#onCounts(link, record);
        return;
      case 'closed':
        // The server knows no effect of this session (SN-14).
        if (record.code === 'unconfirmed' && !this.acked) break;
        this.#onClosed(record);
        return;
      case 'refused':
        this.end(false, record.code === 'unknown' ? 'lost' : record.code);
        return;
    }
    this.beyond(link, record);
  }

  #onOpened(link: ClientLink, record: OpenedRecord): void {
    if (record.received > this.written) {
      this.fail('lost');
      return;
    }
    this.id = record.id;
    this.limits = record.limits;
    this.features = record.features ?? '';
    this.allow();
    this.peerReceived = record.received;
    this.attachFirst(link);
  }

  protected attachFirst(link: ClientLink): void {
    this.current = link;
  }

  #onAttached(link: ClientLink, record: AttachedRecord): void {
    if (!this.learn(record)) return;
    this.headCame(link, record);
    link.in = record.first;
  }

  /** `link.in` is what it was before. */
  protected headCame(link: ClientLink, record: AttachedRecord): void {
    if (link !== this.current) return;
    this.goUp(link, record);
    this.attached = true;
    this.io.changed();
  }

  /** Upwards too the session moves to this link (SN-10). */
  protected goUp(link: ClientLink, record: Counts): void {
    link.out = Math.max(record.received, this.acked) + 1;
    this.io.writeRecord(link, { t: 'from', first: link.out });
    this.up = link;
  }

  /** Pings are answered from here, never by a timer: a page that hangs shall seem dead (SN-15). */
  #onCounts(link: ClientLink, record: AckRecord | PingRecord | PongRecord): void {
    this.use(link);
    if (record.t !== 'ack' && record.at !== link.in - 1) this.fail('lost');
    else if (this.learn(record) && record.t === 'ping') this.pong(link);
  }

  protected pong(link: ClientLink): void {
    this.io.writeRecord(link, { t: 'pong', at: link.out - 1, ...this.counts() });
  }

  #onClosed({ ack, clean, code }: ClosedRecord): void {
    // A server that settled more than was written, or less than it once acknowledged, is not the one this session is with.
    if (ack < this.acked || ack > this.written) {
      this.end(false, 'lost');
      return;
    }
    if (ack > this.acked) this.acknowledge(ack);
    this.end(clean, code);
  }

  protected end(clean: boolean, code: string): void {
    if (this.done) return;
    const verdict = this.finish(clean, code);
    for (const link of this.links) this.io.end(link, 'closed');
    this.links.clear();
    this.current = null;
    this.up = null;
    this.attached = false;
    this.io.ended(verdict);
  }
}
