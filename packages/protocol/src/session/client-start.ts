import type { Counts } from '../counts.js';
import { type BufferLimits, bufferLimits, FEATURES } from '../limits.js';
import type { Message } from '../message.js';
import type { AttachedRecord, ClosedRecord, ServerRecord } from '../record.js';
import { ClientLink } from './client-link.js';
import { type CountsRecord, isElsewhere, isForAnother, writeFrom, writeRun } from './client-records.js';
import { ClientState } from './client-state.js';
import type { ClientLinkView, SendOutcome, StartIo, Transport } from './contract.js';

/** Options of a client's session. */
export interface StartOptions {
  /** Random whole number that distinguishes this instance from a duplicated tab (SN-9). */
  readonly instance: number;
  readonly buffers?: BufferLimits;
}

/**
 * The first stage of a client's session, small enough to load with the page. It works on one two-way link: opens and
 * attaches in the handshake, sends, delivers, acknowledges, answers pings, closes. It has no clock and no second link.
 * The second stage, `ClientSession`, loads later, reads its fields and takes over. If a record arrives that only the second stage can
 * handle, the first stage stops reading until then, so that all input is handled in order.
 */
export class ClientStart {
  declare readonly flow: ClientState;
  declare readonly instance: number;
  declare readonly nonce: string;
  id: string | null = null;
  features = '';
  /** Its only link; `null` before `start`. */
  link: ClientLink | null = null;
  /** Whether the head of that link has arrived. */
  attached = false;
  /**
   * The record at which the first stage stopped reading, or `gap` if messages were missing (SN-2); `null` if it did not
   * stop.
   */
  stalled: ServerRecord | 'gap' | null = null;
  readonly #io: StartIo;
  /** Clock reading of the input being handled. */
  #now = 0;
  #scheduled = false;

  constructor(io: StartIo, { instance, buffers = bufferLimits }: StartOptions) {
    this.flow = new ClientState(buffers);
    this.#io = io;
    this.instance = instance;
    this.nonce = io.nonce();
  }

  /** The transport that carries the session; `null` before the head of the link has arrived. */
  get transport(): Transport | null {
    return this.attached ? this.link!.transport : null;
  }

  /** Accepts a message for the server. It is written at the next flush that the window and a link allow (SN-23). */
  send(message: Message): SendOutcome {
    const result = this.flow.send(message);
    if (result === 'ok' || result === 'above') this.#touch();
    return result;
  }

  /** Records that the application settled a message, in order of delivery, so that it may be acknowledged (SN-6). */
  consumed(message: Message): void {
    this.flow.settle(message);
    if (this.flow.isAckDue) this.#touch();
  }

  /** Closes the session after everything accepted is delivered and acknowledged (SN-4). */
  close(): void {
    if (this.flow.close()) this.#touch();
  }

  /** Opens the session. `send` may be called before. */
  start(now: number): void {
    this.flush(now);
  }

  /** Writes everything queued since the last flush. */
  flush(now: number): void {
    const { flow } = this;
    const io = this.#io;
    this.#now = now;
    this.#scheduled = false;
    if (flow.done) return;
    const link = this.link;
    const due = flow.beginClose(now) || flow.isAckDue;
    if (due && !this.id && !flow.sent) this.#end(true, 'closed');
    else if (!link) this.#open(io.choose());
    if (!link || !this.attached) return;
    writeRun(io, flow, link);
    if (due) io.writeRecord(link, { t: 'ack', ...flow.counts() });
  }

  #open(transport: Transport): void {
    const io = this.#io;
    const link = new ClientLink('duplex', transport, transport, this.#now);
    const token = io.token() || undefined;
    link.n = 1;
    this.link = link;
    io.connect(link, { t: 'open', nonce: this.nonce, features: FEATURES, token, instance: this.instance }, []);
  }

  /**
   * Handles the opening of the link.
   * @param headed the server accepted the record of the handshake; otherwise it must be sent (SN-40)
   */
  linkOpened(view: ClientLinkView, now: number, headed = false): void {
    const link = this.#heard(view, now);
    if (!link) return;
    link.openedAt = now;
    link.headed = headed;
  }

  /** Handles a record. */
  record(view: ClientLinkView, record: ServerRecord, now: number): void {
    const link = this.#heard(view, now);
    if (link) this.#read(link, record);
    this.flush(now);
  }

  /** Handles a message. */
  message(view: ClientLinkView, message: Message, now: number): void {
    const link = this.#heard(view, now);
    if (!link) return;
    link.useful = true;
    const taking = link.in ? this.flow.take(link, message) : 'gap';
    if (taking === 'taken') this.#io.deliver(message);
    else if (taking === 'gap') this.stalled = taking;
    else if (taking !== 'repeated') this.fail(taking);
  }

  /** Ends the session immediately at both ends, with this code (SN-4). */
  fail(code: string): void {
    if (this.attached) this.#io.writeRecord(this.link!, { t: 'fail', id: this.id!, code, ack: this.flow.settled });
    this.#end(false, code);
  }

  #touch(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#io.schedule();
  }

  #heard(view: ClientLinkView, now: number): ClientLink | undefined {
    this.#now = now;
    const link = this.link;
    if (this.stalled || !link || link !== view) return undefined;
    link.heardAt = now;
    return link;
  }

  #read(link: ClientLink, record: ServerRecord): void {
    if (isForAnother(record, this.instance, this.nonce)) {
      this.stalled = 'gap';
      return;
    }
    switch (record.t) {
      case 'opened': {
        if (this.id) break;
        this.id = record.id;
        this.features = record.features ?? '';
        const problem = this.flow.opened(record.limits, record.received);
        if (problem) this.fail(problem);
        return;
      }
      case 'attached':
        if (this.#learn(record)) this.#onAttached(link, record);
        return;
      case 'ack':
      case 'ping':
      case 'pong':
        this.#onCounts(link, record);
        return;
      case 'closed':
        // The server has delivered nothing of the session, so the second stage opens it again (SN-14).
        if (record.code === 'unconfirmed' && !this.flow.acked) break;
        this.#onClosed(record);
        return;
    }
    // Only the second stage can handle this record.
    this.stalled = record;
  }

  #onAttached(link: ClientLink, record: AttachedRecord): void {
    link.in = record.first;
    if (!this.id) return;
    writeFrom(this.#io, this.flow, link, record.received);
    this.attached = true;
    this.#io.changed();
  }

  /** Handles counts. Answers pings here and never by a timer, so that a page that hangs appears dead (SN-15). */
  #onCounts(link: ClientLink, record: CountsRecord): void {
    link.useful = true;
    if (isElsewhere(link, record)) this.fail('lost');
    else if (this.#learn(record) && record.t === 'ping')
      this.#io.writeRecord(link, { t: 'pong', at: link.out - 1, ...this.flow.counts() });
  }

  #onClosed({ ack, clean, code }: ClosedRecord): void {
    const learning = this.flow.closed(ack);
    if (learning === 'drained') this.#io.drain();
    if (learning === 'lost') this.#end(false, learning);
    else this.#end(clean, code);
  }

  /**
   * Applies the server's counts, before any message of their carrier (SN-2).
   *
   * @returns false if the session has ended
   */
  #learn(counts: Counts): boolean {
    const { flow } = this;
    const learning = flow.learn(counts);
    if (learning === 'lost') this.fail(learning);
    if (learning === 'drained') this.#io.drain();
    if (counts.last !== undefined) this.close();
    return !flow.done;
  }

  #end(clean: boolean, code: string): void {
    const link = this.link;
    if (this.flow.done) return;
    this.link = null;
    this.attached = false;
    const verdict = this.flow.end(clean, code);
    if (link) this.#io.end(link, 'closed');
    this.#io.ended(verdict);
  }
}
