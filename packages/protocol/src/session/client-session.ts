import { probeBytes } from '../limits.js';
import type { Message } from '../message.js';
import type {
  AckRecord,
  AttachedRecord,
  ClosedRecord,
  OpenedRecord,
  PingRecord,
  PongRecord,
  ServerRecord,
  SupersededRecord,
} from '../record.js';
import type { ClientLink } from './client-link.js';
import { ClientLinks, never } from './client-links.js';
import type { ClientLinkView, Transport } from './contract.js';

/** The client's end of one session: what its shell, its application and its links tell it. */
export class ClientSession extends ClientLinks {
  /** Opens the session; `send` may come before. */
  start(now: number): void {
    this.retryDue = now;
    this.flush(now);
  }

  /** Opens a second way at the same time while the first has not answered: same nonce, so same session (SN-14). */
  race(transport: Transport, now: number): void {
    this.now = now;
    if (!this.id && !this.done) this.open(transport);
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
    if (this.up) this.ask(this.up);
    else this.prove();
    this.flush(now);
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

  /** Writes what was gathered in this turn. */
  flush(now: number): void {
    this.now = now;
    this.scheduled = false;
    if (!this.done) this.pump();
    this.rearm();
  }

  /** Does what is due; an early call does no harm. */
  tick(now: number): void {
    this.now = now;
    for (const link of this.links) if (now >= this.deadline(link)) this.giveUp(link);
    this.doubt();
    if (now >= this.closeAt && this.provenClean) this.end(true, 'closed');
    else if (now >= this.closeAt) this.fail('timeout');
    this.flush(now);
  }

  /** A two-way link is open. */
  linkOpened(view: ClientLinkView, now: number): void {
    const link = this.#heard(view, now);
    if (!link) return;
    link.since = now;
    if (link.opens) this.io.writeRecord(link, this.openRecord());
    else if (link === this.candidate) this.io.writeRecord(link, { t: 'probe', pad: '.'.repeat(probeBytes) });
    else this.attach(link);
    this.rearm();
  }

  /** Any record; the records and messages of an HTTP answer one by one, before `linkEnded`. */
  record(view: ClientLinkView, record: ServerRecord, now: number): void {
    const link = this.#heard(view, now);
    if (link) this.#onRecord(link, record);
    this.flush(now);
  }

  message(view: ClientLinkView, message: Message, now: number): void {
    const link = this.#heard(view, now);
    if (!link) return;
    this.use(link);
    this.requests?.came();
    if (link.in > 0 && this.take(link, message)) return;
    this.fall(link, 'gap');
    this.flush(now);
  }

  /** `whole`: an HTTP answer came to its proper end, or a two-way link was closed by the other side in order. */
  linkEnded(view: ClientLinkView, whole: boolean, now: number): void {
    const link = this.#heard(view, now);
    if (!link) return;
    // A stream that carried nothing but its head is no server's cap: it has to wait like any link that failed.
    if (whole && link === this.current && link.useful && link.kind !== 'duplex') this.again(link);
    else this.fall(link);
    this.flush(now);
  }

  override fail(code: string): void {
    if (this.done) return;
    const { id, up } = this;
    if (id && up) this.io.writeRecord(up, { t: 'fail', id, code, ack: this.settled });
    this.requests?.fail(code);
    this.end(false, code);
  }

  #heard(view: ClientLinkView, now: number): ClientLink | undefined {
    this.now = now;
    const link = view as ClientLink;
    if (!this.links.has(link)) return undefined;
    link.heardAt = now;
    if (link === this.up) {
      // The link lives: nothing is in doubt that a second one would have to prove.
      this.waitSince = never;
      this.asked = false;
      if (!this.second?.n) this.drop(this.second, 'done');
      this.second = null;
    }
    return link;
  }

  #onRecord(link: ClientLink, record: ServerRecord): void {
    switch (record.t) {
      case 'opened':
        this.#onOpened(link, record);
        return;
      case 'attached':
        this.#onAttached(link, record);
        return;
      case 'answer':
        if (this.learn(record)) this.requests?.answered(link, record);
        return;
      case 'probe':
        this.sample(link);
        if (!link.n) this.attach(link);
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
        this.end(false, record.code === 'unknown' ? 'lost' : record.code);
        return;
      case 'reset':
        if (record.no > this.resetsSeen) this.io.reset(record.topic);
        this.resetsSeen = Math.max(this.resetsSeen, record.no);
    }
  }

  #onOpened(link: ClientLink, record: OpenedRecord): void {
    if (this.id) {
      this.drop(link, 'done');
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
    this.goOn();
    this.sample(link);
    for (const other of this.links) if (other !== link) this.drop(other, 'done');
    if (link.kind === 'duplex') {
      this.current = link;
      this.attach(link);
    } else {
      this.links.delete(link);
      this.connect(link.opens as Transport);
    }
  }

  #onAttached(link: ClientLink, record: AttachedRecord): void {
    if (!this.learn(record)) return;
    if (link.in === 0 && !link.parked) this.sample(link);
    link.in = record.first;
    if (link === this.body) this.requests?.answered(link, record);
    if (link === this.candidate) {
      this.retire(this.current);
      this.promote();
    }
    if (link !== this.current) return;
    if (link.kind === 'duplex') {
      link.out = Math.max(record.received, this.acked) + 1;
      this.io.writeRecord(link, { t: 'from', first: link.out });
      this.up = link;
    } else if (this.up) {
      this.up = null;
      this.goOn();
    }
    for (const old of this.links) if (old.superseded) this.drop(old, 'superseded');
    this.requests?.came();
    this.attached = true;
    if (link.kind === 'poll') this.use(link);
    this.io.proven(link.transport as Transport);
    this.io.changed();
  }

  /** Pings are answered from here, never by a timer: a page that hangs shall seem dead (SN-15). On a stream, by a POST. */
  #onCounts(link: ClientLink, record: AckRecord | PingRecord | PongRecord): void {
    this.use(link);
    if (record.t !== 'ack' && record.at !== link.in - 1) this.fail('lost');
    else if (this.learn(record) && record.t === 'ping') {
      if (link === this.up) this.io.writeRecord(link, { t: 'pong', at: link.out - 1, ...this.counts() });
      else this.postDue = true;
    }
  }

  #onSuperseded(link: ClientLink, record: SupersededRecord): void {
    if (!record.same) {
      this.end(false, 'superseded');
      return;
    }
    this.attaches = Math.max(this.attaches, record.n);
    if (link === this.current && this.candidate?.n) {
      // The switch is under way: the old link goes on carrying up until the head of the new one has come.
      this.retire(link);
      link.superseded = true;
      this.promote();
    } else if (link === this.current && !link.useful) this.fall(link, 'done');
    else this.drop(link, 'done');
  }

  #onClosed(record: ClosedRecord): void {
    if (record.code === 'unconfirmed' && !this.acked) {
      this.openAnew();
      return;
    }
    const { ack, clean, code } = record;
    // A server that settled more than was written, or less than it once acknowledged, is not the one this session is with.
    if (ack < this.acked || ack > this.written) {
      this.end(false, 'lost');
      return;
    }
    if (ack > this.acked) this.acknowledge(ack);
    this.end(clean, code);
  }
}
