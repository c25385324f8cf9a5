// Over 300 lines: everything that a client's session is told, by its application, its shell and its server.
import type { Counts } from '../counts.js';
import { bufferLimits, features } from '../limits.js';
import type { Message } from '../message.js';
import type { AttachRecord, ClosedRecord, OpenedRecord, OpenRecord, ServerRecord } from '../record.js';
import { readTyped } from '../typed-message.js';
import { AckRequests } from './ack-requests.js';
import type { Farewell } from './body-load.js';
import { ClientLedger } from './client-ledger.js';
import type { ClientLink } from './client-link.js';
import * as records from './client-records.js';
import type { ClientStart, Started, StartOptions } from './client-start.js';
import type { ClientIo, ClientLinkView, SendResult, Transport } from './contract.js';
import { attachFirst, greet, headCame, openedLate, refused, superseded } from './link-changes.js';
import { LinkManager } from './link-manager.js';
import type { ManagedSession } from './managed-session.js';
import { provenEnd } from './proven-end.js';

/** Counts that were told are repeated after so many milliseconds, until the verdict is heard. */
const repeatMs = 300;

/**
 * The client's end of one session: what its shell, its application and its server tell it. Its parts keep their own state and say what
 * has come of an input. This class turns that into calls of the shell (`io`); of links, `LinkManager` does.
 */
export class ClientSession implements ManagedSession {
  readonly io: ClientIo;
  readonly instance: number;
  readonly ledger: ClientLedger;
  readonly manager: LinkManager = new LinkManager(this);
  /** What is waited for, here or there; `null` until there is something (SN-30). */
  #ackRequests: AckRequests | null = null;
  /** What the first stage left to be done at the first flush. */
  #left: Started | null = null;
  #nonce: string;
  #id: string | null = null;
  #features = '';
  #now = 0;
  #isHidden = false;
  #scheduled = false;
  /** Highest number of a `reset` seen, and attach number of the link that brought the latest id. */
  #resetsSeen = 0;
  #rotatedBy = 0;
  /** Last time counts were told: they are repeated while closing (SN-4). */
  #toldAt = 0;

  constructor(io: ClientIo, { instance, buffers = bufferLimits }: StartOptions, from: Started | null = null) {
    this.io = io;
    this.instance = instance;
    this.ledger = from?.ledger ?? new ClientLedger(buffers);
    this.#nonce = from?.nonce ?? io.nonce();
  }

  /** Goes on with a session that began as `start`, which is not to be used any more. */
  static adopt(start: ClientStart, io: ClientIo, now: number): ClientSession {
    const from = start.handOver();
    const session: ClientSession = new ClientSession(io, from, from);
    session.#adopt(from, now);
    return session;
  }

  #adopt(from: Started, now: number): void {
    const { received, settled, told } = this.ledger;
    this.#now = now;
    this.#id = from.id;
    this.#features = from.features;
    this.#left = from;
    this.manager.requests.goOn();
    if (from.link) this.manager.adopt(from.link, from.attached);
    if (settled === told) return;
    // Alone, the first stage did not take note of what the server waits for.
    this.#ackRequests = new AckRequests();
    this.#ackRequests.assume(received);
  }

  /** Does what the first stage could not. What came behind a record it did not read is missing, so the link of that ends (SN-2). */
  #goOn(): void {
    const left = this.#left;
    this.#left = null;
    if (!left?.link) return;
    const { link, stalled } = left;
    if (stalled && stalled !== 'gap') this.record(link, stalled, this.#now);
    if (stalled) this.#gap(link);
    else if (link.headed === false) this.linkOpened(link, this.#now, false);
  }

  /** Session id, `null` until `opened`. */
  get id(): string | null {
    return this.#id;
  }

  /** What the server can do beyond the first version, as in `opened`; empty before. */
  get features(): string {
    return this.#features;
  }

  get now(): number {
    return this.#now;
  }

  get isHidden(): boolean {
    return this.#isHidden;
  }

  get isCloseDue(): boolean {
    return this.ledger.closing !== 'no' && this.#now >= this.#toldAt + repeatMs;
  }

  get isAckDue(): boolean {
    return this.ledger.isAckDue || this.#ackRequests?.isDue(this.ledger, this.ledger) === true;
  }

  // ---- what the application says

  /** Accepts a message for the server; it is written at the next flush the window and a link allow (SN-23). */
  send(message: Message): SendResult {
    const result = this.ledger.send(message);
    if (result === 'ok' || result === 'above') this.#touch();
    return result;
  }

  /** The application settled this message, in the order of delivery: the acknowledgement may rise over it (SN-6). */
  consumed(message: Message): void {
    this.ledger.settle(message);
    if (this.isAckDue) this.#touch();
  }

  /** Somebody waits for this number to be acknowledged, and `io.counted` is called at every news; 0 for nobody (SN-30). */
  want(number: number): void {
    if (this.ledger.done) return;
    this.#ackRequests ??= new AckRequests();
    if (this.#ackRequests.want(number)) this.#touch();
  }

  /** Ends cleanly: what was accepted is delivered and acknowledged first (SN-4). */
  close(): void {
    if (this.ledger.close()) this.#touch();
  }

  /** Ends the session now, at both ends, with this code (SN-4). */
  fail(code: string): void {
    const { manager, ledger } = this;
    const { up } = manager.links;
    if (ledger.done) return;
    manager.requests.fail(code);
    if (up) this.io.writeRecord(up, { t: 'fail', id: this.#id as string, code, ack: ledger.settled });
    this.#end(false, code);
  }

  // ---- what the shell says

  /** Opens the session; `send` may come before. */
  start(now: number): void {
    this.manager.backoff.tryAt(now);
    this.flush(now);
  }

  /**
   * Tries a second way at the same time while the first has not answered; the first that is attached wins (SN-14). To open
   * the session it goes with the same nonce, so to the same session; later it is the candidate beside a link that is not attached.
   */
  race(transport: Transport, now: number): void {
    this.#now = now;
    if (!this.ledger.done) this.manager.race(transport);
    this.flush(now);
  }

  /** Make before break to this transport, in the middle of traffic (SN-10, SN-11). No effect where it is the current one. */
  switchTo(transport: Transport, now: number): void {
    this.#now = now;
    if (!this.ledger.done && this.#id) this.manager.switchTo(transport);
    this.flush(now);
  }

  /** Visible, online, page shown, clock jumped, or "try now": probes or connects at once (SN-15). */
  wake(now: number): void {
    this.#now = now;
    this.manager.wake();
    this.flush(now);
  }

  /** The token that `io.renew` asked for. A lost one is asked for again (SN-21). */
  renew(token: string, now: number): void {
    const { links, requests } = this.manager;
    this.#now = now;
    if (links.up) this.io.writeRecord(links.up, { t: 'auth', token });
    else requests.renew(token);
    this.flush(now);
  }

  /** Lets go of every link, so that a browser may keep the page for the way back; nothing is tried before `wake` (SN-15). */
  rest(now: number): void {
    this.flush(now);
    this.manager.rest();
  }

  /**
   * What the server may not have yet, as one body; nobody waits for its answer. For a page that goes, whose links may take
   * nothing more. `null` where there is no session yet, or none any more, or nothing may travel by requests.
   *
   * @param final nothing follows: the body says what was sent in all, so that the server need not wait for more (SN-4).
   * @param messagesMax at most so many messages, the first ones
   */
  farewell(final: boolean, messagesMax: number, now: number): Farewell | null {
    if (!this.#id || this.ledger.done) return null;
    if (final) this.close();
    this.flush(now);
    return this.manager.requests.farewell(messagesMax);
  }

  /** Says before `start` whether the page is hidden. */
  beginHidden(hidden: boolean): void {
    this.#isHidden = hidden;
  }

  /** A hidden page gets a longer heartbeat, so that a phone in a pocket sleeps (SN-15). */
  hidden(hidden: boolean, now: number): void {
    const { manager } = this;
    const { up } = manager.links;
    if (this.#isHidden === hidden) return;
    this.#isHidden = hidden;
    this.#now = now;
    // Silence so far was measured by the other heartbeat.
    manager.hearAll();
    if (up) this.io.writeRecord(up, { t: 'hidden', hidden });
    manager.requests.post(!up);
    this.flush(now);
  }

  /** Writes what was gathered in this turn. */
  flush(now: number): void {
    this.#goOn();
    this.#now = now;
    this.#scheduled = false;
    if (!this.ledger.done) this.#pump();
    this.manager.rearm();
  }

  /** Does what is due; an early call does no harm. */
  tick(now: number): void {
    this.#now = now;
    this.manager.tick();
    const code = provenEnd(this.ledger);
    const over = now >= this.manager.closeAt;
    if (code === 'lost') this.fail(code);
    else if (over && code) this.#end(true, code);
    else if (over) this.fail('timeout');
    this.flush(now);
  }

  /**
   * A two-way link is open; of a stream the head of its answer came, and with it the wait for what is in it begins (SN-13).
   *
   * @param headed the server took what came in the handshake; else it is yet to be said (SN-40)
   */
  linkOpened(view: ClientLinkView, now: number, headed = false): void {
    const { manager } = this;
    const link = this.#heard(view, now);
    if (link) manager.answerCame();
    if (link) link.headed = headed;
    if (link?.kind === 'stream') link.begunAt = now;
    else if (link?.kind === 'duplex' && headed) manager.connected(link, now);
    else if (link?.kind === 'duplex') greet(this, manager, link);
    this.flush(now);
  }

  /** Any record; the records and messages of an HTTP answer one by one, before `linkEnded`. */
  record(view: ClientLinkView, record: ServerRecord, now: number): void {
    const link = view as ClientLink;
    const { manager } = this;
    const isRead = this.#heard(link, now);
    if (record.t === 'pong') {
      if (link.askedAt) manager.sample(now - link.askedAt);
      link.askedAt = 0;
    }
    if (isRead) {
      manager.answerCame();
      this.#read(link, record);
    }
    this.flush(now);
  }

  message(view: ClientLinkView, message: Message, now: number): void {
    if (this.#heard(view, now)) this.#take(view as ClientLink, message);
  }

  /** `whole`: an HTTP answer came to its end, or a two-way link was closed in order. `tooLarge`: so the answer says (SN-46). */
  linkEnded(view: ClientLinkView, whole: boolean, now: number, tooLarge = false): void {
    const { manager } = this;
    const link = this.#heard(view, now);
    if (!link) return;
    link.tooLarge = tooLarge;
    // What became of it comes down by another link (SN-6).
    if (whole && link.blindTo !== undefined) link.landedAt = now;
    // A stream that carried nothing but its head is no server's cap: it has to wait like any link that failed.
    else if (whole && link === manager.links.current && link.useful && link.kind !== 'duplex') manager.again(link);
    else manager.fall(link);
    this.flush(now);
  }

  #touch(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.io.schedule();
  }

  #pump(): void {
    const { io, manager, ledger } = this;
    if (ledger.beginClose(this.#now)) this.#toldAt = -repeatMs;
    if (manager.backoff.isResting) return;
    manager.pump();
    const { up } = manager.links;
    if (!this.#id) return;
    if (up) {
      records.writeRun(io, ledger, up);
      if (this.isAckDue || this.isCloseDue) io.writeRecord(up, { t: 'ack', ...this.counts() });
      manager.watchUp();
    }
    manager.requests.pump();
  }

  /** The counts block (SN-5). */
  counts(): Counts {
    const counts = this.ledger.counts();
    this.#toldAt = this.#now;
    return this.#ackRequests?.addTo(counts) ?? counts;
  }

  openRecord(): OpenRecord {
    return { t: 'open', nonce: this.#nonce, features, token: this.io.token() || undefined };
  }

  attachRecord(n: number, everyMs: number): AttachRecord {
    return {
      t: 'attach',
      id: this.#id as string,
      n,
      instance: this.instance,
      ...this.counts(),
      ...(everyMs && { every: everyMs }),
      ...(this.#isHidden && { hidden: true }),
      ...(this.#resetsSeen && { resets: this.#resetsSeen }),
      ...this.io.tried?.(),
    };
  }

  #heard(view: ClientLinkView, now: number): ClientLink | null {
    const link = view as ClientLink;
    this.#now = now;
    return this.manager.heard(link) ? link : null;
  }

  #take(link: ClientLink, message: Message): void {
    this.manager.use(link, true);
    const taking = link.in ? this.ledger.take(link, message) : 'gap';
    if (taking === 'taken') this.io.deliver(message);
    else if (taking === 'gap') this.#gap(link);
    else if (taking !== 'repeated') this.fail(taking);
  }

  /** What was read is not to be gone on from (SN-2). */
  #gap(link: ClientLink): void {
    if (this.manager.links.has(link)) this.manager.fall(link, 'gap');
    this.flush(this.#now);
  }

  /** Takes note of the server's counts, before any message of their carrier (SN-2). @returns false when the session has ended */
  #learn(counts: Counts): boolean {
    const { io, ledger } = this;
    if (ledger.done) return false;
    if (counts.want !== undefined) this.#ackRequests ??= new AckRequests();
    this.#ackRequests?.note(counts);
    const learning = ledger.learn(counts);
    if (learning === 'lost') this.fail(learning);
    if (learning === 'drained') io.drain();
    if (counts.last !== undefined) this.close();
    if (ledger.done) return false;
    if (this.#ackRequests?.isWaiting) io.counted?.();
    return true;
  }

  #read(link: ClientLink, record: ServerRecord): void {
    // A typed message went by as the array it is (SN-31).
    const typed = Array.isArray(record) ? readTyped(record) : undefined;
    if (typed) this.#take(link, typed);
    else if (records.isOfAnotherVersion(link, record)) this.#end(false, 'wire_version');
    else if (
      typed === null ||
      records.isAnswerToAnother(link, record) ||
      records.isForAnother(record, this.instance, this.#nonce)
    )
      this.#gap(link);
    else this.#onRecord(link, record);
  }

  #onRecord(link: ClientLink, record: ServerRecord): void {
    const { io, manager } = this;
    switch (record.t) {
      case 'opened':
        if (this.#id) openedLate(this, manager, link, record);
        else this.#onOpened(link, record);
        return;
      case 'attached':
        if (!this.#learn(record)) return;
        headCame(this, manager, link, record);
        link.in = record.first;
        return;
      case 'ack':
      case 'ping':
      case 'pong':
        this.#onCounts(link, record);
        return;
      case 'answer':
        if (this.#learn(record)) manager.requests.answered(link, record);
        return;
      case 'probe':
        manager.sample(this.#now - link.since);
        if (!link.n) manager.attach(link);
        return;
      case 'superseded':
        if (record.same) superseded(manager, link, record);
        else this.#end(false, 'superseded');
        return;
      // From the next carrier on; what is under way with the former id is still good. One that comes late by a link before
      // was replaced long since: who used it again would be told nothing (SN-20).
      case 'rotate':
        if (link.n < this.#rotatedBy) return;
        this.#rotatedBy = link.n;
        this.#id = record.id;
        return;
      case 'auth':
        io.renew();
        return;
      case 'wait':
        manager.later(link, record.ms);
        return;
      case 'reset':
        if (record.no > this.#resetsSeen) io.reset(record.topic);
        this.#resetsSeen = Math.max(this.#resetsSeen, record.no);
        return;
      case 'refused':
        // Anything but a refusal for the moment no time mends.
        if (!refused(this, manager, link, record)) this.#end(false, record.code === 'unknown' ? 'lost' : record.code);
        return;
      case 'closed':
        this.#onClosed(record);
    }
  }

  #onOpened(link: ClientLink, { features = '', id, limits, received }: OpenedRecord): void {
    const problem = this.ledger.opened(limits, received);
    if (!problem) {
      this.#id = id;
      this.#features = features;
      attachFirst(this, this.manager, link);
    } else this.fail(problem);
  }

  #onCounts(link: ClientLink, record: records.CountsRecord): void {
    const { io, manager } = this;
    manager.use(link);
    if (records.isElsewhere(link, record)) this.fail('lost');
    else if (!this.#learn(record) || record.t !== 'ping') return;
    // Answered from here, never by a timer: a page that hangs shall seem dead. On a stream it is a POST (SN-15).
    else if (link === manager.links.up) io.writeRecord(link, { t: 'pong', at: link.out - 1, ...this.counts() });
    else manager.requests.post();
  }

  #onClosed({ ack, clean, code }: ClosedRecord): void {
    const { io, ledger } = this;
    // The server knows no effect of this session (SN-14).
    if (code === 'unconfirmed' && !ledger.acked) {
      this.#openAnew();
      return;
    }
    const learning = ledger.closed(ack);
    if (learning === 'drained') io.drain();
    if (learning === 'lost') this.#end(false, learning);
    else this.#end(clean, code);
  }

  /** All of it is sent again, under a new nonce (SN-14). */
  #openAnew(): void {
    const { manager, ledger } = this;
    this.#ackRequests?.untell();
    manager.dropAll();
    this.#id = null;
    this.#nonce = this.io.nonce();
    manager.links.renumber();
    ledger.reopen();
    manager.requests.goOn();
  }

  #end(clean: boolean, code: string): void {
    if (this.ledger.done) return;
    const verdict = this.ledger.end(clean, code);
    this.manager.end();
    this.io.ended(verdict);
  }
}
