// Over 300 lines: the whole client end of a session, which is easier to check in one piece.
import { probeBytes } from '../limits.js';
import type { AttachedRecord, OpenedRecord, ServerRecord, SupersededRecord } from '../record.js';
import type { ClientLink } from './client-link.js';
import { type Farewell, never } from './client-links.js';
import type { ClientStart } from './client-start.js';
import type { ClientIo, ClientLinkView, Transport } from './contract.js';
import { provenEnd } from './proven-end.js';
import { WaitedClient } from './waited-client.js';

/** The client's end of one session: what its shell, its application and its links tell it. */
export class ClientSession extends WaitedClient {
  /** The link of which the first stage read no more than one record: what came after it is missing, so it ends (SN-2). */
  #unread: ClientLink | null = null;
  /** Attach number of the link that brought the latest id. */
  #rotatedBy = 0;

  /** Goes on with a session that began as `start`, which is not to be used any more: everything it knew is this one's. */
  static adopt(start: ClientStart, io: ClientIo, now: number): ClientSession {
    const session: ClientSession = new ClientSession(io, start);
    Object.assign(session, start, { io, now, stalled: false });
    for (const link of session.links) if (link.openedAt) session.#connected(link, link.openedAt);
    session.goOn();
    session.assumeWish();
    if (start.stalled) [session.#unread = null] = session.links;
    if (session.attached) session.carry(session.current?.transport ?? null);
    return session;
  }

  override start(now: number): void {
    this.retryDue = now;
    super.start(now);
  }

  /**
   * Tries a second way at the same time while the first has not answered; the first that is attached wins (SN-14). To open
   * the session it goes with the same nonce, so to the same session; later it is the candidate beside a link that is not attached.
   */
  race(transport: Transport, now: number): void {
    this.now = now;
    if (this.done) return;
    const asked = [...this.links].some(({ kind }) => kind === 'post');
    if (!this.id && !asked) this.open(transport);
    else if (this.id && !this.attached && !this.candidate && (this.current?.kind ?? 'duplex') === 'duplex')
      this.connect(transport);
    this.flush(now);
  }

  /** Make before break to this transport, in the middle of traffic (SN-10, SN-11). No effect where it is the current one. */
  switchTo(transport: Transport, now: number): void {
    this.now = now;
    if (this.done || !this.id) return;
    this.drop(this.candidate, 'done');
    if (this.current?.transport?.name !== transport.name) {
      if (!this.attached) this.drop(this.current, 'done');
      this.connect(transport);
    }
    this.flush(now);
  }

  /** Visible, online, page shown, clock jumped, or "try now": probes or connects at once (SN-15). */
  wake(now: number): void {
    this.now = now;
    this.retryDue = now;
    this.lostAt = never;
    // What came while the device slept may wait to be read: the silence says nothing, the answer to what is asked now does.
    for (const link of this.links) link.heardAt = now;
    if (this.up) this.ask(this.up);
    else this.prove();
    this.flush(now);
  }

  /** The token that `io.renew` asked for. A lost one is asked for again (SN-21). */
  renew(token: string, now: number): void {
    this.now = now;
    if (this.up) this.io.writeRecord(this.up, { t: 'auth', token });
    else {
      this.freshToken = token;
      this.postDue = true;
    }
    this.flush(now);
  }

  /** Lets go of every link, so that a browser may keep the page for the way back; nothing is tried before `wake` (SN-15). */
  rest(now: number): void {
    this.flush(now);
    for (const link of this.links) this.drop(link, 'done');
    this.retryDue = never;
    this.rearm();
  }

  /**
   * What the server may not have yet, as one body; nobody waits for its answer. For a page that goes, whose links may take
   * nothing more. `null` where there is no session yet, or none any more, or nothing may travel by requests.
   *
   * @param final nothing follows: the body says what was sent in all, so that the server need not wait for more (SN-4).
   * @param messagesMax at most so many messages, the first ones
   */
  farewell(final: boolean, messagesMax: number, now: number): Farewell | null {
    if (!this.id || this.done) return null;
    if (final) this.close();
    this.flush(now);
    return this.requests?.farewell(messagesMax) ?? null;
  }

  /** A hidden page gets a longer heartbeat, so that a phone in a pocket sleeps (SN-15). */
  hidden(hidden: boolean, now: number): void {
    if (this.away === hidden) return;
    this.away = hidden;
    // Silence so far was measured by the other heartbeat.
    for (const link of this.links) link.heardAt = now;
    if (this.up) this.io.writeRecord(this.up, { t: 'hidden', hidden });
    this.postDue = !this.up;
    this.flush(now);
  }

  /** Of a stream: the head of its answer came, and with it the wait for what is in it begins (SN-13). */
  override linkOpened(view: ClientLinkView, now: number, headed?: boolean): void {
    const link = this.heard(view, now);
    if (link?.kind === 'duplex') this.#duplexOpened(link, headed);
    else if (link?.kind === 'stream') link.begunAt = now;
    this.flush(now);
  }

  #duplexOpened(link: ClientLink, headed: boolean | undefined): void {
    if (headed) this.#connected(link, this.now);
    else this.#greet(link);
  }

  /**
   * A connection takes a round trip, and so does the handshake on it. A first packet that was lost takes a second, so this raises
   * nothing that is known.
   */
  #connected(link: ClientLink, openedAt: number): void {
    this.sample(Math.min((openedAt - link.since) / 2, this.roundTrip));
    link.since = openedAt;
    link.headed = true;
  }

  override record(view: ClientLinkView, record: ServerRecord, now: number): void {
    const link = view as ClientLink;
    if (record.t === 'pong' && link.askedAt) this.sample(now - link.askedAt);
    if (record.t === 'pong') link.askedAt = 0;
    super.record(view, record, now);
  }

  override flush(now: number): void {
    const unread = this.#unread;
    this.#unread = null;
    if (unread) this.gap(unread);
    super.flush(now);
    this.rearm();
  }

  /** Does what is due; an early call does no harm. */
  tick(now: number): void {
    this.now = now;
    for (const link of this.links) if (now >= this.deadline(link)) this.giveUp(link);
    this.doubt();
    this.askBeside();
    const code = provenEnd(this);
    if (code === 'lost') this.fail(code);
    else if (now >= this.closeAt && code) this.end(true, code);
    else if (now >= this.closeAt) this.fail('timeout');
    this.flush(now);
  }

  /** `whole`: an HTTP answer came to its proper end, or a two-way link was closed by the other side in order. */
  linkEnded(view: ClientLinkView, whole: boolean, now: number): void {
    const link = this.heard(view, now);
    if (!link) return;
    // What became of it comes down by another link (SN-6).
    if (whole && link.blindTo !== undefined) link.landedAt = now;
    // A stream that carried nothing but its head is no server's cap: it has to wait like any link that failed.
    else if (whole && link === this.current && link.useful && link.kind !== 'duplex') this.again(link);
    else this.fall(link);
    this.flush(now);
  }

  override fail(code: string): void {
    if (!this.done) this.requests?.fail(code);
    super.fail(code);
  }

  override gap(link: ClientLink): void {
    if (this.links.has(link)) this.fall(link, 'gap');
    this.flush(this.now);
  }

  /** What was not said in the handshake. */
  #greet(link: ClientLink): void {
    link.since = this.now;
    link.headed = false;
    link.n = 0;
    if (!this.id) this.io.writeRecord(link, this.openRecord());
    else if (link === this.candidate) this.io.writeRecord(link, { t: 'probe', pad: '.'.repeat(probeBytes) });
    else this.attach(link);
  }

  protected override heard(view: ClientLinkView, now: number): ClientLink | undefined {
    const link = super.heard(view, now);
    if (!link) return undefined;
    if (link === this.up) {
      // The link lives: nothing is in doubt that a second one would have to prove.
      this.assured();
      if (!this.second?.n) this.drop(this.second, 'done');
      this.second = null;
    }
    return link;
  }

  protected override beyond(link: ClientLink, record: ServerRecord): void {
    if (Array.isArray(record)) {
      this.typed(link, record);
      return;
    }
    switch (record.t) {
      case 'answer':
        if (this.learn(record)) this.requests?.answered(link, record);
        return;
      case 'probe':
        this.sample(this.now - link.since);
        if (!link.n) this.attach(link);
        return;
      case 'superseded':
        this.#onSuperseded(link, record);
        return;
      // It had asked to open the session, and another was faster (SN-14): still a better way, or none that is needed.
      case 'opened':
        this.#onLate(link, record);
        return;
      // From the next carrier on; what is under way with the former id is still good. One that comes late by a link before
      // was replaced long since: who used it again would be told nothing (SN-20).
      case 'rotate':
        if (link.n < this.#rotatedBy) return;
        this.#rotatedBy = link.n;
        this.id = record.id;
        return;
      case 'auth':
        this.io.renew();
        return;
      case 'wait':
        this.later(link, record.ms);
        return;
      case 'reset':
        if (record.no > this.resetsSeen) this.io.reset(record.topic);
        this.resetsSeen = Math.max(this.resetsSeen, record.no);
        return;
      case 'closed':
        this.openAnew();
    }
  }

  /** The first answer to `open` has won. A two-way link that is slower is not lost: it goes on as the next one, to be probed. */
  protected override attachFirst(link: ClientLink): void {
    if (!link.n) this.sample(this.now - link.since);
    this.goOn();
    let late: ClientLink | null = null;
    for (const other of this.links) {
      if (link.kind === 'post' && other.kind === 'duplex') late = other;
      else if (other !== link) this.drop(other, 'done');
    }
    if (link.kind === 'duplex') {
      super.attachFirst(link);
      if (!link.n) this.attach(link);
      return;
    }
    this.links.delete(link);
    this.connect(link.opens as Transport);
    if (!late) return;
    this.candidate = late;
    late.since = this.now;
  }

  /** The same nonce at another node is another session, which nobody is going to confirm: nothing leads on from there. */
  #onLate(link: ClientLink, { id }: OpenedRecord): void {
    if (id === this.id && (link === this.candidate || link === this.current)) this.#greet(link);
    else this.drop(link, 'done');
  }

  protected override headCame(link: ClientLink, record: AttachedRecord): void {
    // It opened the session after another had, and is being probed: at the server it was the faster one, so it is attached (SN-40).
    link.n ||= 1;
    if (!link.in && !link.parked && !link.headed) this.sample(this.now - link.since);
    if (link === this.body) this.requests?.answered(link, record);
    if (link === this.candidate) {
      this.retire(this.current);
      this.promote();
    }
    if (link !== this.current) return;
    if (!this.attached) this.#settleRace(link);
    this.carry(link.transport);
    if (link.kind === 'duplex') {
      if (link !== this.up) this.goUp(link, record);
      this.assured();
    } else if (this.up) {
      this.up = null;
      this.goOn();
    }
    for (const old of this.links) if (old.superseded) this.drop(old, 'superseded');
    this.requests?.came();
    this.attached = true;
    if (link.kind === 'poll') this.use(link);
    this.io.changed();
  }

  /** The second way was the slower one (SN-14). Its attach may still reach the server, so the winner takes a higher number. */
  #settleRace(link: ClientLink): void {
    if (this.candidate?.kind !== 'duplex') this.drop(this.candidate, 'done');
    if (link.kind === 'duplex' && link.n < this.attaches) this.attach(link);
  }

  /** On a stream it is a POST (SN-15). */
  protected override pong(link: ClientLink): void {
    if (link === this.up) super.pong(link);
    else this.postDue = true;
  }

  #onSuperseded(link: ClientLink, record: SupersededRecord): void {
    if (!record.same) {
      this.end(false, 'superseded');
      return;
    }
    this.attaches = Math.max(this.attaches, record.n);
    // It has attached again since.
    if (record.n < link.n) return;
    if (link === this.current && this.candidate?.n) {
      // The switch is under way: the old link goes on carrying up until the head of the new one has come.
      this.retire(link);
      link.superseded = true;
      this.promote();
    } else if (link === this.current && !link.useful) this.fall(link, 'done');
    else this.drop(link, 'done');
  }
}
