// Over 300 lines: all inputs of a client's session, from its application, its shell and its server.
import type { Counts } from '../counts.js';
import { bufferLimits, FEATURES } from '../limits.js';
import type { Message } from '../message.js';
import type { AttachRecord, ClosedRecord, OpenedRecord, OpenRecord, ServerRecord } from '../record.js';
import { readTyped } from '../typed-message.js';
import { AckRequests } from './ack-requests.js';
import type { FinalBody } from './body-load.js';
import type { ClientLink } from './client-link.js';
import * as records from './client-records.js';
import type { ClientStart, StartOptions } from './client-start.js';
import { ClientState } from './client-state.js';
import type { ClientIo, ClientLinkView, SendOutcome, Transport } from './contract.js';
import { attachFirst, greet, headCame, openedLate, refused, superseded } from './link-changes.js';
import { LinkManager } from './link-manager.js';
import type { ManagedSession } from './managed-session.js';
import { provenEnd } from './proven-end.js';

/** Interval in milliseconds at which counts are repeated while closing, until the verdict arrives. */
const REPEAT_MS = 300;

/**
 * The client's end of one session. Its inputs come from the server, the application and the shell (the code that owns sockets and
 * timers). Its parts keep their own state and return results; this class and `LinkManager` turn them into calls of the shell (`io`).
 */
export class ClientSession implements ManagedSession {
  readonly io: ClientIo;
  readonly instance: number;
  readonly flow: ClientState;
  readonly manager: LinkManager = new LinkManager(this);
  /** Pending ack requests, ours or the server's; allocated lazily (SN-30). */
  #ackRequests: AckRequests | null = null;
  /** State that the first stage (`ClientStart`) left, to be processed at the first flush. */
  #left: ClientStart | null = null;
  #nonce: string;
  /** Session id, `null` until `opened`. */
  id: string | null = null;
  #features = '';
  #now = 0;
  #isHidden = false;
  #scheduled = false;
  /** Highest number of a `reset` seen, and attach number of the link that carried the latest id. */
  #resetsSeen = 0;
  #rotatedBy = 0;
  /** When counts were last sent; they are repeated while closing (SN-4). */
  #closeSentAt = 0;

  constructor(io: ClientIo, { instance, buffers = bufferLimits }: StartOptions, from: ClientStart | null = null) {
    this.io = io;
    this.instance = instance;
    this.flow = from?.flow ?? new ClientState(buffers);
    this.#nonce = from?.nonce ?? io.nonce();
  }

  /** Takes over a session from its first stage, which must not be used afterwards. */
  static adopt(from: ClientStart, io: ClientIo, now: number): ClientSession {
    const session: ClientSession = new ClientSession(io, from, from);
    session.#adopt(from, now);
    return session;
  }

  #adopt(from: ClientStart, now: number): void {
    const { received, settled, ackSent } = this.flow;
    this.#now = now;
    this.id = from.id;
    this.#features = from.features;
    this.#left = from;
    this.manager.requests.resume();
    if (from.link) this.manager.adopt(from.link, from.attached);
    if (settled === ackSent) return;
    // The first stage ignores the server's requests for acknowledgements, so assume that everything received was requested.
    this.#ackRequests = new AckRequests();
    this.#ackRequests.assume(received);
  }

  /** Handles the record at which the first stage stopped. Input after it was not read, so its link ends (SN-2). */
  #resume(): void {
    const left = this.#left;
    this.#left = null;
    if (!left?.link) return;
    const { link, stalled } = left;
    if (stalled && stalled !== 'gap') this.record(link, stalled, this.#now);
    if (stalled) this.#gap(link);
    else if (link.headed === false) this.linkOpened(link, this.#now, false);
  }

  /** The server's features beyond the first version, as in `opened`; empty before. */
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
    return this.flow.closing !== 'no' && this.#now >= this.#closeSentAt + REPEAT_MS;
  }

  get isAckDue(): boolean {
    return this.flow.isAckDue || this.#ackRequests?.isDue(this.flow, this.flow) === true;
  }

  // ---- inputs from the application

  /** Accepts a message for the server. It is written at the next flush that the window and a link allow (SN-23). */
  send(message: Message): SendOutcome {
    const result = this.flow.send(message);
    if (result === 'ok' || result === 'above') this.#touch();
    return result;
  }

  /** Records that the application settled a message, in order of delivery, so that it may be acknowledged (SN-6). */
  consumed(message: Message): void {
    this.flow.settle(message);
    if (this.isAckDue) this.#touch();
  }

  /** Requests acknowledgement of this number; 0 for none. `io.counted` is then called whenever counts arrive (SN-30). */
  want(number: number): void {
    if (this.flow.done) return;
    this.#ackRequests ??= new AckRequests();
    if (this.#ackRequests.want(number)) this.#touch();
  }

  /** Closes the session after everything accepted is delivered and acknowledged (SN-4). */
  close(): void {
    if (this.flow.close()) this.#touch();
  }

  /** Ends the session immediately at both ends, with this code (SN-4). */
  fail(code: string): void {
    const { manager, flow } = this;
    const { up } = manager.links;
    if (flow.done) return;
    manager.requests.fail(code);
    if (up) this.io.writeRecord(up, { t: 'fail', id: this.id as string, code, ack: flow.settled });
    this.#end(false, code);
  }

  // ---- inputs from the shell

  /** Opens the session. `send` may be called before. */
  start(now: number): void {
    this.manager.backoff.tryAt(now);
    this.flush(now);
  }

  /**
   * Tries a second transport while the first has not answered; the first one attached wins (SN-14). If both open the session, they
   * get the same one, because they use the same nonce. If the session is open already, the second link becomes the candidate.
   */
  race(transport: Transport, now: number): void {
    this.#now = now;
    if (!this.flow.done) this.manager.race(transport);
    this.flush(now);
  }

  /** Switches to this transport without interruption of traffic (SN-10, SN-11). No-op if it is the current one. */
  switchTo(transport: Transport, now: number): void {
    this.#now = now;
    if (!this.flow.done && this.id) this.manager.switchTo(transport);
    this.flush(now);
  }

  /** Probes or connects now. Call it if the page became visible or online, the clock jumped, or the user asked for it (SN-15). */
  wake(now: number): void {
    this.#now = now;
    this.manager.wake();
    this.flush(now);
  }

  /** Sends the token that `io.renew` requested. The server requests a lost one again (SN-21). */
  renew(token: string, now: number): void {
    const { links, requests } = this.manager;
    this.#now = now;
    if (links.up) this.io.writeRecord(links.up, { t: 'auth', token });
    else requests.renew(token);
    this.flush(now);
  }

  /** Ends every link, so that a browser may cache the page. No new link is tried before `wake` (SN-15). */
  rest(now: number): void {
    this.flush(now);
    this.manager.rest();
  }

  /**
   * Returns a last body with the messages that the server may not have, for a page that is being closed. Its answer is not read.
   * Returns `null` if there is no open session or requests are not allowed.
   *
   * @param final whether nothing follows, so that the body states the last number and the server need not wait for more (SN-4)
   * @param messagesMax maximum messages, from the first on
   */
  finalBody(final: boolean, messagesMax: number, now: number): FinalBody | null {
    if (!this.id || this.flow.done) return null;
    if (final) this.close();
    this.flush(now);
    return this.manager.requests.finalBody(messagesMax);
  }

  /** Sets before `start` whether the page is hidden. */
  beginHidden(hidden: boolean): void {
    this.#isHidden = hidden;
  }

  /** Sets whether the page is hidden. A hidden page has a longer heartbeat, so that a phone in a pocket can sleep (SN-15). */
  hidden(hidden: boolean, now: number): void {
    const { manager } = this;
    const { up } = manager.links;
    if (this.#isHidden === hidden) return;
    this.#isHidden = hidden;
    this.#now = now;
    // The silence so far belongs to the former heartbeat, so it must not count.
    manager.hearAll();
    if (up) this.io.writeRecord(up, { t: 'hidden', hidden });
    manager.requests.post(!up);
    this.flush(now);
  }

  /** Writes everything queued since the last flush. */
  flush(now: number): void {
    this.#resume();
    this.#now = now;
    this.#scheduled = false;
    if (!this.flow.done) this.#pump();
    this.manager.rearm();
  }

  /** Called by the timer: does everything that is due. An early call is harmless. */
  tick(now: number): void {
    this.#now = now;
    this.manager.tick();
    const code = provenEnd(this.flow);
    const over = now >= this.manager.closeAt;
    if (code === 'lost') this.fail(code);
    else if (over && code) this.#end(true, code);
    else if (over) this.fail('timeout');
    this.flush(now);
  }

  /**
   * Handles the opening of a two-way link, or the response head of a stream, which starts the wait for its content (SN-13).
   *
   * @param headed the server accepted the record of the handshake; otherwise it must be sent (SN-40)
   */
  linkOpened(view: ClientLinkView, now: number, headed = false): void {
    const { manager } = this;
    const link = this.#heard(view, now);
    // A two-way link may be a channel of a shared WebSocket (SN-49), which opens without an answer, also on a dead one.
    if (link && (headed || link.kind !== 'duplex')) manager.answerCame();
    if (link) link.headed = headed;
    if (link?.kind === 'stream') link.begunAt = now;
    else if (link?.kind === 'duplex' && headed) manager.connected(link, now);
    else if (link?.kind === 'duplex') greet(this, manager, link);
    this.flush(now);
  }

  /** Handles a record. Those of an HTTP answer are reported one by one, before `linkEnded`. */
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

  /** Handles the end of a link. `whole`: the HTTP answer was complete, or the socket closed normally. `tooLarge`: 413 (SN-46). */
  linkEnded(view: ClientLinkView, whole: boolean, now: number, tooLarge = false): void {
    const { manager } = this;
    const link = this.#heard(view, now);
    if (!link) return;
    link.tooLarge = tooLarge;
    // The answer to this body cannot be read. The server's counts on another link will confirm the body (SN-6).
    if (whole && link.blindTo !== undefined) link.landedAt = now;
    // A stream ends normally at the server's byte limit. One that carried only its head cannot have reached it, so it failed.
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
    const { io, manager, flow } = this;
    if (flow.beginClose(this.#now)) {
      this.#closeSentAt = -REPEAT_MS;
      if (!this.id && !flow.sent) this.#end(true, 'closed');
    }
    if (flow.done || manager.backoff.isResting) return;
    manager.pump();
    const { up } = manager.links;
    if (!this.id) return;
    if (up) {
      records.writeRun(io, flow, up);
      if (this.isAckDue || this.isCloseDue) io.writeRecord(up, { t: 'ack', ...this.counts() });
      manager.watchUp();
    }
    manager.requests.pump();
  }

  /** Returns the counts block (SN-5) and regards it as sent. */
  counts(): Counts {
    const counts = this.flow.counts();
    this.#closeSentAt = this.#now;
    return this.#ackRequests?.addTo(counts) ?? counts;
  }

  openRecord(): OpenRecord {
    return { t: 'open', nonce: this.#nonce, features: FEATURES, token: this.io.token() || undefined };
  }

  attachRecord(n: number, everyMs: number): AttachRecord {
    return {
      t: 'attach',
      id: this.id as string,
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
    const taking = link.in ? this.flow.take(link, message) : 'gap';
    if (taking === 'taken') this.io.deliver(message);
    else if (taking === 'gap') this.#gap(link);
    else if (taking !== 'repeated') this.fail(taking);
  }

  /** Ends a link after missing or misrouted content, so that nothing more is read from the link (SN-2). */
  #gap(link: ClientLink): void {
    if (this.manager.links.has(link)) this.manager.fall(link, 'gap');
    this.flush(this.#now);
  }

  /** Applies the server's counts. Must precede the messages that came with them (SN-2). @returns false if the session has ended */
  #learn(counts: Counts): boolean {
    const { io, flow } = this;
    if (flow.done) return false;
    if (counts.want !== undefined) this.#ackRequests ??= new AckRequests();
    this.#ackRequests?.note(counts);
    const learning = flow.learn(counts);
    if (learning === 'lost') this.fail(learning);
    if (learning === 'drained') io.drain();
    if (counts.last !== undefined) this.close();
    if (flow.done) return false;
    if (this.#ackRequests?.isWaiting) io.counted?.();
    return true;
  }

  #read(link: ClientLink, record: ServerRecord): void {
    // The decoder passes a typed message on as its array (SN-31).
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
        if (this.id) openedLate(this, manager, link, record);
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
      // The new id is used from the next request on; the former one stays valid for requests in flight. A late record of an earlier
      // link must be ignored, because its id has been replaced since and would get no answer (SN-20).
      case 'rotate':
        if (link.n < this.#rotatedBy) return;
        this.#rotatedBy = link.n;
        this.id = record.id;
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
        // Every refusal that is not temporary is final.
        if (!refused(this, manager, link, record)) this.#end(false, record.code === 'unknown' ? 'lost' : record.code);
        return;
      case 'closed':
        this.#onClosed(record);
    }
  }

  #onOpened(link: ClientLink, { features = '', id, limits, received }: OpenedRecord): void {
    const problem = this.flow.opened(limits, received);
    if (!problem) {
      this.id = id;
      this.#features = features;
      attachFirst(this, this.manager, link);
    } else this.fail(problem);
  }

  #onCounts(link: ClientLink, record: records.CountsRecord): void {
    const { io, manager } = this;
    manager.use(link);
    if (records.isElsewhere(link, record)) this.fail('lost');
    else if (!this.#learn(record) || record.t !== 'ping') return;
    // Answered here and never by a timer, so that a page that hangs appears dead. For a stream, the answer is a POST (SN-15).
    else if (link === manager.links.up) io.writeRecord(link, { t: 'pong', at: link.out - 1, ...this.counts() });
    else manager.requests.post();
  }

  #onClosed({ ack, clean, code }: ClosedRecord): void {
    const { io, flow } = this;
    // The server has delivered nothing of the session, so it is safe to send everything again in a new one (SN-14).
    if (code === 'unconfirmed' && !flow.acked) {
      this.#openAnew();
      return;
    }
    const learning = flow.closed(ack);
    if (learning === 'drained') io.drain();
    if (learning === 'lost') this.#end(false, learning);
    else this.#end(clean, code);
  }

  /** Opens the session again under a new nonce and sends everything again (SN-14). */
  #openAnew(): void {
    const { manager, flow } = this;
    this.#ackRequests?.forgetRequest();
    manager.dropAll();
    this.id = null;
    this.#nonce = this.io.nonce();
    manager.links.renumber();
    flow.reopen();
    manager.requests.resume();
  }

  #end(clean: boolean, code: string): void {
    if (this.flow.done) return;
    const verdict = this.flow.end(clean, code);
    this.manager.end();
    this.io.ended(verdict);
  }
}
