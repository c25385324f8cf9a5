// Over 300 lines: the whole client end of a session in one class, which is easier to check in one piece and small to ship.
import type { Counts } from '../counts.js';
import {
  type BufferLimits,
  bufferLimits,
  earlyWindow,
  probeBytes,
  sessionTimes,
  slowestUploadBytesPerMs,
  type Window,
} from '../limits.js';
import type { Message } from '../message.js';
import type {
  AckRecord,
  AnswerRecord,
  AttachedRecord,
  AttachRecord,
  ClosedRecord,
  OpenedRecord,
  PingRecord,
  PongRecord,
  ResetRecord,
  ServerRecord,
  SupersededRecord,
} from '../record.js';
import { ClientLink } from './client-link.js';
import type { ClientIo, ClientLinkView, LinkEnd, Transport, Verdict } from './contract.js';
import { SessionCore } from './session-core.js';

export interface ClientOptions {
  /** Random whole number that tells this instance from a duplicated tab (SN-9). */
  readonly instance: number;
  readonly buffers?: Partial<BufferLimits>;
}

const never: number = Number.POSITIVE_INFINITY;

/** The client's end of one session, over all its links. */
export class ClientSession extends SessionCore {
  /** Session id, `null` until `opened`. */
  id: string | null = null;
  /** The down link in use, `null` while there is none. */
  current: ClientLink | null = null;
  /** The next down link, until its head has come (SN-10). */
  candidate: ClientLink | null = null;
  /** The two-way link written to; without one, bodies travel by POST. */
  up: ClientLink | null = null;
  /** The one carrier of a body in flight: a POST, or a poll that brought messages (SN-7). */
  body: ClientLink | null = null;
  /** Every carrier that is still read. */
  readonly links: Set<ClientLink> = new Set();
  /** Number of the first message of the next body. */
  postNext = 1;
  /** Whether the head of a down link has come and none has failed since. */
  attached = false;
  /** Smoothed; `null` before the first answer. */
  roundTripMs: number | null = null;
  /** When `tick` is due, milliseconds of the shell's clock; `Infinity` for never. */
  nextTickAt: number = never;
  readonly #io: ClientIo;
  readonly #instance: number;
  #nonce: string;
  /** Highest attach number used. */
  #n = 0;
  #now = 0;
  #scheduled = false;
  #hidden = false;
  #resets = 0;
  /** Down links that failed in a row without use, and since when there is none. */
  #failures = 0;
  #lostAt: number | undefined;
  #retryAt = 0;
  /** Answers in a row that did not come in time. */
  #timeouts = 0;
  #postAt = 0;
  #postFailures = 0;
  /** A ping came by a stream, or the server has to learn that the page is hidden: an empty body says so. */
  #postDue = false;
  /** Last time counts were told: they are repeated while closing (SN-4). */
  #toldAt = 0;
  /** Since when this end waits for news of what it wrote on `up`; whether it asked; how often in vain (SN-15). */
  #waitSince: number | undefined;
  #asked = false;
  #doubts = 0;
  #second: ClientLink | null = null;
  /** Since when the server had written more than arrived, by a carrier other than the down link. */
  #behindSince: number | undefined;
  /** Tries left to tell the server why this end failed (SN-4). */
  #failTries = 0;

  constructor(io: ClientIo, options: ClientOptions) {
    super({ ...bufferLimits, ...options.buffers });
    this.#io = io;
    this.#instance = options.instance;
    this.#nonce = io.nonce();
  }

  /** Before `opened` only what an `open` may bring is under way (SN-14). */
  override get windowOut(): Window {
    return this.id ? this.limits.up : earlyWindow;
  }

  override get windowIn(): Window {
    return this.limits.down;
  }

  /** When the machine tries again while there is no link; `null` while there is one. */
  get retryAt(): number | null {
    return this.done || this.current || this.#opening ? null : this.#retryAt;
  }

  /** Opens the session; `send` may come before. */
  start(now: number): void {
    this.#retryAt = now;
    this.flush(now);
  }

  /** Opens a second way at the same time while the first has not answered: same nonce, so same session (SN-14). */
  race(transport: Transport, now: number): void {
    this.#now = now;
    if (!this.id && !this.done) this.#open(transport);
    this.#rearm();
  }

  /** Make before break to this transport, in the middle of traffic (SN-10, SN-11). No effect where it is the current one. */
  switchTo(transport: Transport, now: number): void {
    this.#now = now;
    if (this.done || !this.id) return;
    this.#drop(this.candidate, 'done');
    if (this.current?.transport?.name !== transport.name) {
      if (!this.attached) this.#drop(this.current, 'done');
      this.#connect(transport);
    }
    this.flush(now);
  }

  /** Visible, online, page shown, clock jumped, or "try now": probes or connects at once (SN-15). */
  wake(now: number): void {
    this.#now = now;
    this.#retryAt = now;
    this.#postAt = now;
    this.#lostAt = undefined;
    const { current } = this;
    if (this.up) this.#ask(this.up);
    else if (current?.transport && this.attached && !this.candidate) this.#connect(current.transport);
    this.flush(now);
  }

  /** A hidden page gets a longer heartbeat, so that a phone in a pocket sleeps (SN-15). */
  hidden(hidden: boolean, now: number): void {
    if (this.#hidden === hidden) return;
    this.#hidden = hidden;
    // Silence so far was measured by the other heartbeat.
    for (const link of this.links) link.heardAt = now;
    if (this.up) this.#io.writeRecord(this.up, { t: 'hidden', hidden });
    else this.#postDue = true;
    this.flush(now);
  }

  /** Writes what was gathered in this turn. */
  flush(now: number): void {
    this.#now = now;
    this.#scheduled = false;
    this.#pump();
    this.#rearm();
  }

  /** Does what is due; an early call does no harm. */
  tick(now: number): void {
    this.#now = now;
    for (const link of this.links)
      if (now >= this.#deadline(link)) this.#fall(link, link.retireAt === never ? 'silent' : 'superseded');
    if (!this.done) this.#doubt();
    const { closingAt } = this;
    if (!this.done && closingAt !== undefined && closingAt >= 0 && now >= closingAt + this.#closeMs) {
      this.#finish(this.provenClean, this.provenClean ? 'closed' : 'timeout');
    }
    this.flush(now);
  }

  /** A two-way link is open. */
  linkOpened(view: ClientLinkView, now: number): void {
    const link = this.#heard(view, now);
    if (!link) return;
    link.since = now;
    if (link.opens) this.#io.writeRecord(link, this.#openRecord());
    else if (link === this.candidate) this.#io.writeRecord(link, { t: 'probe', pad: '.'.repeat(probeBytes) });
    else this.#attach(link);
    this.#rearm();
  }

  /** Any record; the records and messages of an HTTP answer one by one, before `linkEnded`. */
  record(view: ClientLinkView, record: ServerRecord, now: number): void {
    const link = this.#heard(view, now);
    if (!link || this.done) return;
    this.#onRecord(link, record);
    this.flush(now);
  }

  message(view: ClientLinkView, message: Message, now: number): void {
    const link = this.#heard(view, now);
    if (!link || this.done) return;
    this.#use(link);
    this.#behindSince = undefined;
    if (link.in > 0 && this.take(link, message)) return;
    this.#fall(link, link.in > 0 ? 'gap' : 'malformed');
    this.flush(now);
  }

  /** `whole`: an HTTP answer came to its proper end, or a two-way link was closed by the other side in order. */
  linkEnded(view: ClientLinkView, whole: boolean, now: number): void {
    const link = this.#heard(view, now);
    if (!link) return;
    if (this.done && whole) this.#failTries = 0;
    if (whole && link === this.current && link.in > 0 && link.kind !== 'duplex') this.#again(link);
    else this.#fall(link, undefined);
    this.flush(now);
  }

  override fail(code: string): void {
    if (this.done) return;
    this.#finish(false, code);
    this.#failTries = this.id ? 4 : 0;
    this.#postAt = this.#now;
  }

  protected override deliver(message: Message): void {
    this.#io.deliver(message);
  }

  protected override drained(): void {
    this.#io.drain();
  }

  protected override touch(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#io.schedule();
  }

  protected override counts(): Counts {
    this.#toldAt = this.#now;
    return super.counts();
  }

  // What comes in.

  #heard(view: ClientLinkView, now: number): ClientLink | undefined {
    this.#now = now;
    const link = view as ClientLink;
    if (!this.links.has(link)) return undefined;
    link.heardAt = now;
    if (link === this.up) {
      // The link lives: nothing is in doubt that a second one would have to prove.
      this.#waitSince = undefined;
      this.#asked = false;
      if (this.#second && !this.#second.n) this.#drop(this.#second, 'done');
      this.#second = null;
    }
    return link;
  }

  #onRecord(link: ClientLink, record: ServerRecord): void {
    switch (record.t) {
      case 'opened':
        this.#onOpened(link, record);
        return;
      case 'attached':
        if (this.learn(record)) this.#onAttached(link, record);
        return;
      case 'answer':
        if (this.learn(record)) this.#onAnswer(link, record);
        return;
      case 'probe':
        this.#sample(link);
        if (!link.n) this.#attach(link);
        return;
      case 'ack':
      case 'ping':
      case 'pong':
        this.#onCounts(link, record);
        return;
      case 'superseded':
        this.#onSuperseded(link, record);
        return;
      case 'closed':
        this.#onClosed(record);
        return;
      case 'refused':
        this.#finish(false, record.code === 'unknown' ? 'lost' : record.code);
        return;
      case 'reset':
        this.#onReset(record);
    }
  }

  #onOpened(link: ClientLink, record: OpenedRecord): void {
    const { opens } = link;
    if (this.id || !opens) {
      this.#drop(link, 'done');
      return;
    }
    if (record.received > this.written) {
      this.fail('lost');
      return;
    }
    this.id = record.id;
    this.limits = record.limits;
    this.allow();
    this.peerReceived = record.received;
    this.#goOn();
    this.#sample(link);
    for (const other of this.links) if (other !== link) this.#drop(other, 'done');
    if (link.kind === 'duplex') {
      this.current = link;
      this.#attach(link);
      return;
    }
    this.links.delete(link);
    this.#connect(opens);
  }

  #onAttached(link: ClientLink, record: AttachedRecord): void {
    if (link.in === 0 && (link.kind === 'duplex' || link.prompt)) this.#sample(link);
    link.in = record.first;
    if (link === this.body) {
      this.body = null;
      this.#postFailures = 0;
      this.#goOn();
    }
    if (link === this.candidate) {
      this.#retire(this.current);
      this.current = link;
      this.candidate = null;
    }
    if (link !== this.current) return;
    if (link.kind === 'duplex') {
      link.out = Math.max(record.received, this.acked) + 1;
      this.#io.writeRecord(link, { t: 'from', first: link.out });
      this.up = link;
    } else if (this.up) {
      this.up = null;
      this.#goOn();
    }
    for (const old of this.links) if (old.superseded) this.#drop(old, 'superseded');
    this.#behindSince = undefined;
    this.attached = true;
    if (link.transport) this.#io.proven(link.transport);
    if (link.kind === 'poll') this.#use(link);
    this.#io.changed();
  }

  #onAnswer(link: ClientLink, record: AnswerRecord): void {
    if (link !== this.body) return;
    this.#sample(link);
    this.links.delete(link);
    this.body = null;
    this.#postFailures = 0;
    this.#goOn();
    if (record.sent > this.received) this.#behindSince ??= this.#now;
    else this.#behindSince = undefined;
  }

  #onCounts(link: ClientLink, record: AckRecord | PingRecord | PongRecord): void {
    this.#use(link);
    if (record.t !== 'ack' && record.at !== Math.max(0, link.in - 1)) this.fail('lost');
    else if (this.learn(record) && record.t === 'ping') this.#onPing(link);
  }

  /** Answered from here, never by a timer: a page that hangs shall seem dead (SN-15). On a stream the answer is a POST. */
  #onPing(link: ClientLink): void {
    if (link === this.up) this.#io.writeRecord(link, { t: 'pong', at: link.out - 1, ...this.counts() });
    else this.#postDue = true;
  }

  #onSuperseded(link: ClientLink, record: SupersededRecord): void {
    if (!record.same) {
      this.#finish(false, 'superseded');
      return;
    }
    this.#n = Math.max(this.#n, record.n);
    if (link === this.current && this.candidate?.n) {
      // The switch is under way: the old link goes on carrying up until the head of the new one has come.
      this.#retire(link);
      link.superseded = true;
      this.current = this.candidate;
      this.candidate = null;
    } else if (link === this.current && !link.useful) this.#fall(link, 'done');
    else this.#drop(link, 'done');
  }

  #onReset(record: ResetRecord): void {
    if (record.no <= this.#resets) return;
    this.#resets = record.no;
    this.#io.reset(record.topic);
  }

  #onClosed(record: ClosedRecord): void {
    if (record.code === 'unconfirmed' && this.acked === 0) {
      this.#openAnew();
      return;
    }
    if (record.ack > this.written) {
      this.fail('lost');
      return;
    }
    if (record.ack > this.acked) this.acknowledge(record.ack);
    this.#finish(record.clean, record.code);
  }

  // Links.

  get #opening(): boolean {
    for (const link of this.links) if (link.opens) return true;
    return false;
  }

  #start(link: ClientLink): ClientLink {
    this.links.add(link);
    return link;
  }

  #open(transport: Transport): void {
    if (transport.kind === 'duplex') {
      this.#io.connect(this.#start(new ClientLink('duplex', transport, transport, this.#now)), undefined, []);
      return;
    }
    const link = this.#start(new ClientLink('post', null, transport, this.#now));
    const early = this.#early();
    const record = this.#openRecord();
    this.#io.connect(link, early.length ? { ...record, first: 1, count: early.length } : record, early);
  }

  #openRecord(): { t: 'open'; nonce: string; token?: string } {
    const token = this.#io.token();
    return token === undefined ? { t: 'open', nonce: this.#nonce } : { t: 'open', nonce: this.#nonce, token };
  }

  /** The first messages, as many as an `open` may bring; the server holds them until the session is confirmed (SN-14). */
  #early(): readonly Message[] {
    // The window lets one message through whatever its size; in an `open` it would be refused.
    return this.#messages(1, this.allowedBytes > earlyWindow.bytes ? 0 : this.allowed);
  }

  #messages(first: number, last: number): readonly Message[] {
    const messages: Message[] = [];
    for (let number = first; number <= last; number += 1) messages.push(this.messageAt(number));
    if (last > this.written) this.written = last;
    return messages;
  }

  /** The server knows no effect of this session, so all of it may be sent again under a new nonce (SN-14). */
  #openAnew(): void {
    for (const link of this.links) this.#drop(link, 'done');
    this.id = null;
    this.#nonce = this.#io.nonce();
    this.#n = 0;
    this.written = 0;
    this.peerReceived = 0;
    this.#goOn();
    this.#retryAt = this.#now;
  }

  /** A new down link: the candidate where there is a current one, else the current one. */
  #connect(transport: Transport): void {
    const link = this.#start(new ClientLink(transport.kind, transport, null, this.#now));
    const { current } = this;
    if (current) this.candidate = link;
    else this.current = link;
    if (link.kind === 'duplex') this.#io.connect(link, undefined, []);
    else this.#request(link, current !== null || !this.attached);
  }

  /** A poll or a stream is its own attach; a poll takes a body along where none is in flight (SN-7, SN-8). */
  #request(link: ClientLink, prompt: boolean): void {
    const first = this.#nextBody();
    const free = link.kind === 'poll' && !this.body && !this.up && this.#now >= this.#postAt;
    const messages = free ? this.#messages(first, this.batchEnd(first)) : [];
    const count = messages.length;
    link.n = this.#n += 1;
    link.prompt = prompt || count > 0;
    if (count) this.#carry(link, messages);
    const head = { ...this.#attachRecord(link), ...(prompt ? { prompt } : {}), ...(count ? { first, count } : {}) };
    this.#io.connect(link, head, messages);
  }

  #attach(link: ClientLink): void {
    link.n = this.#n += 1;
    link.since = this.#now;
    this.#io.writeRecord(link, this.#attachRecord(link));
  }

  #attachRecord(link: ClientLink): AttachRecord {
    const id = this.id as string;
    const hidden = this.#hidden ? { hidden: true } : {};
    const resets = this.#resets ? { resets: this.#resets } : {};
    return { t: 'attach', id, n: link.n, instance: this.#instance, ...hidden, ...resets, ...this.counts() };
  }

  /** The head of the next link has come: this one is read until the server is done with it (SN-10). */
  #retire(link: ClientLink | null): void {
    if (link) link.retireAt = this.#now + sessionTimes.supersededMs;
  }

  /** A poll was answered, or a stream reached the server's cap: the next of the same transport follows at once. */
  #again(link: ClientLink): void {
    this.#forget(link);
    this.current = null;
    if (this.candidate?.n) {
      this.current = this.candidate;
      this.candidate = null;
    } else if (link.transport && !this.done) {
      const { candidate } = this;
      this.candidate = null;
      this.#connect(link.transport);
      this.candidate = candidate;
    }
  }

  #giveUp(link: ClientLink): void {
    if (link.retireAt !== never) {
      this.#drop(link, 'superseded');
      return;
    }
    if (link.in === 0) this.#timeouts += 1;
    this.#fall(link, 'silent');
  }

  /** A link ended that should not have, or was given up. */
  #fall(link: ClientLink, reason: LinkEnd | undefined): void {
    const transport = link.transport ?? link.opens;
    const mattered = link === this.current || link === this.candidate || link.opens !== null;
    const current = link === this.current;
    if (this.body === link) this.#postLater();
    this.#drop(link, reason);
    if (this.done || !mattered) return;
    if (transport && link.retireAt === never) this.#io.failed(transport, link.useful);
    if (current) this.#retryLater();
    else if (link.opens && !this.#opening) this.#retryLater();
  }

  #drop(link: ClientLink | null, reason: LinkEnd | undefined): void {
    if (!link || !this.links.has(link)) return;
    if (reason) this.#io.end(link, reason);
    this.#forget(link);
    if (this.candidate === link) this.candidate = null;
    if (this.current !== link) return;
    this.current = this.candidate;
    this.candidate = null;
    this.#retryAt = this.#now;
    const { attached } = this;
    this.attached = false;
    if (attached) this.#io.changed();
  }

  /** After a body or the way up failed: on from what the server last said it received (SN-7). */
  #forget(link: ClientLink): void {
    this.links.delete(link);
    if (this.body === link) this.body = null;
    else if (this.up === link) this.up = null;
    else return;
    this.#goOn();
  }

  #goOn(): void {
    this.postNext = Math.max(this.peerReceived, this.acked) + 1;
  }

  #nextBody(): number {
    this.postNext = Math.max(this.postNext, this.acked + 1);
    return this.postNext;
  }

  #retryLater(): void {
    this.#failures += 1;
    this.#lostAt ??= this.#now;
    this.#retryAt = this.#later(this.#failures);
  }

  #postLater(): void {
    this.#postFailures += 1;
    this.#postAt = this.#later(this.#postFailures);
  }

  /** Backoff has jitter from the first retry (SN-12) and stays short for a while, so that a short outage costs little more. */
  #later(failures: number): number {
    const longest = Math.max(1000, Math.min(30_000, (this.#now - (this.#lostAt ?? this.#now)) / 60));
    return this.#now + Math.min(longest, 50 * 2 ** Math.min(failures, 20)) * (0.5 + this.#io.random() / 2);
  }

  /** Traffic beyond the head: the transport works, and backoff starts anew (SN-12). */
  #use(link: ClientLink): void {
    link.useful = true;
    this.#failures = 0;
    this.#lostAt = undefined;
  }

  // What goes out.

  #pump(): void {
    if (this.done) {
      this.#pumpFail();
      return;
    }
    if (this.closingAt === -1) {
      this.closingAt = this.#now;
      this.#toldAt = 0;
    }
    const due = this.#now >= this.#retryAt;
    if (!this.id) {
      if (due && !this.#opening) this.#open(this.#io.choose());
      return;
    }
    if (!this.current && due) this.#connect(this.#io.choose());
    if (this.up) this.#pumpUp(this.up);
    else if (!this.body && this.#now >= this.#bodyAt && this.#bodyDue) this.#pumpBody();
  }

  #pumpUp(up: ClientLink): void {
    const last = this.allowed;
    if (up.out <= last) {
      this.#io.writeMessages(up, this, up.out, last);
      up.out = last + 1;
      if (last > this.written) this.written = last;
    }
    if (this.ackDue() || this.#now >= this.#closeDue) this.#io.writeRecord(up, { t: 'ack', ...this.counts() });
    // What was asked on waking is waited for even where nothing else is outstanding.
    if (up.out - 1 > this.peerReceived || this.closingAt !== undefined || this.#asked) {
      this.#waitSince ??= this.#now;
      return;
    }
    this.#waitSince = undefined;
    this.#doubts = 0;
  }

  #pumpBody(): void {
    const link = this.#start(new ClientLink('post', null, null, this.#now));
    const first = this.#nextBody();
    const messages = this.#messages(first, this.batchEnd(first));
    this.#carry(link, messages);
    this.#postDue = false;
    const id = this.id as string;
    this.#io.connect(
      link,
      { t: 'body', id, first, count: messages.length, hidden: this.#hidden, ...this.counts() },
      messages,
    );
  }

  #carry(link: ClientLink, messages: readonly Message[]): void {
    this.body = link;
    this.postNext += messages.length;
    for (const message of messages) link.uploadMs += message.byteLength / slowestUploadBytesPerMs;
  }

  #pumpFail(): void {
    if (!this.#failTries || this.links.size || this.#now < this.#postAt || !this.id || !this.done) return;
    this.#failTries -= 1;
    this.#postLater();
    const link = this.#start(new ClientLink('post', null, null, this.#now));
    this.#io.connect(link, { t: 'fail', id: this.id, code: this.done.code, ack: this.settled }, []);
  }

  get #bodyDue(): boolean {
    return this.#nextBody() <= this.allowed || this.ackDue() || this.#postDue || this.#now >= this.#closeDue;
  }

  /** A first two-way attach under way is waited for, so that what it will carry is not sent twice (SN-10). */
  get #bodyAt(): number {
    const { current } = this;
    return current?.kind === 'duplex' && current.in === 0 ? Math.max(this.#postAt, current.since + 500) : this.#postAt;
  }

  /** When counts are to be repeated while closing (SN-4). */
  get #closeDue(): number {
    return this.closingAt === undefined
      ? never
      : Math.max(this.closingAt, this.#toldAt + Math.max(300, this.#roundTrip));
  }

  // Clocks.

  get #roundTrip(): number {
    return this.roundTripMs ?? 1000;
  }

  get #closeMs(): number {
    return sessionTimes.closeMs + 2 * this.#roundTrip;
  }

  get #heartbeatMs(): number {
    return this.#hidden ? this.limits.heartbeatHiddenMs : this.limits.heartbeatMs;
  }

  #sample(link: ClientLink): void {
    this.#timeouts = 0;
    const sample = this.#now - link.since;
    const before = this.roundTripMs ?? sample;
    this.roundTripMs = before + (sample - before) / (sample > before ? 2 : 8);
  }

  /**
   * Two round trips and 500 ms. More after answers that did not come: the path may be slower than it was; but for a while
   * not much more, so that an outage is not outlived by the wait for a try that began in it.
   */
  get #patience(): number {
    const tries = Math.max(Math.min(this.#timeouts, 3), this.#timeouts - 6);
    return Math.min(10_000, (2 * this.#roundTrip + 500) * 1.5 ** tries);
  }

  #deadline(link: ClientLink): number {
    if (link.retireAt !== never) return link.retireAt;
    if (link.in > 0) return link.heardAt + this.#heartbeatMs * 1.5;
    const parked = link.kind === 'poll' && !link.prompt;
    return link.since + this.#patience + link.uploadMs + (parked ? this.#heartbeatMs : 0);
  }

  /** What was written and is not stated as received is asked after, then proven on a second link (SN-15). */
  #doubt(): void {
    const { up, current } = this;
    if (up && this.#now >= this.#doubtAt) {
      if (this.#asked) {
        this.#doubts += 1;
        this.#waitSince = this.#now;
        this.#asked = false;
        this.#connect(this.#io.choose());
        this.#second = this.candidate;
      } else this.#ask(up);
    }
    if (current && this.#behindSince !== undefined && this.#now >= this.#behindSince + this.#behindMs) {
      this.#behindSince = undefined;
      this.#fall(current, 'silent');
    }
  }

  #ask(up: ClientLink): void {
    this.#asked = true;
    this.#waitSince = this.#now;
    this.#io.writeRecord(up, { t: 'ping', at: up.out - 1, ...this.counts() });
  }

  get #doubtAt(): number {
    if (this.#waitSince === undefined || this.candidate) return never;
    return this.#waitSince + (this.#patience * 2 ** Math.min(this.#doubts, 5)) / 2;
  }

  get #behindMs(): number {
    return 2 * this.#roundTrip + 1000;
  }

  #rearm(): void {
    const at = this.#due();
    if (at === this.nextTickAt) return;
    this.nextTickAt = at;
    this.#io.timer();
  }

  #due(): number {
    let due = never;
    for (const link of this.links) due = Math.min(due, this.#deadline(link));
    if (this.done) return this.#failTries && !this.links.size ? this.#postAt : due;
    const { closingAt } = this;
    if (closingAt !== undefined && closingAt >= 0) due = Math.min(due, closingAt + this.#closeMs);
    if (!this.id) return this.#opening ? due : Math.min(due, this.#retryAt);
    if (!this.current) due = Math.min(due, this.#retryAt);
    due = Math.min(due, this.up ? Math.min(this.#closeDue, this.#doubtAt) : this.#postDueAt);
    return this.#behindSince === undefined ? due : Math.min(due, this.#behindSince + this.#behindMs);
  }

  /** When the next body leaves; a body in flight has its own deadline. */
  get #postDueAt(): number {
    if (this.body) return never;
    return Math.max(this.#bodyAt, this.#bodyDue ? this.#now : this.#closeDue);
  }

  #finish(clean: boolean, code: string): void {
    if (this.done) return;
    const verdict: Verdict = this.finish(clean, code);
    for (const link of this.links) this.#io.end(link, 'closed');
    this.links.clear();
    this.current = null;
    this.candidate = null;
    this.up = null;
    this.body = null;
    this.attached = false;
    this.#io.ended(verdict);
  }
}
