// Over 300 lines: how the links of a client are begun, replaced and given up only makes sense together.
import { closeMs, slowestUploadBytesPerMs, supersededMs } from '../limits.js';
import type { AttachRecord } from '../record.js';
import { Backoff } from './backoff.js';
import type { ClientLink } from './client-link.js';
import { ClientLinks } from './client-links.js';
import { ClientRequests } from './client-requests.js';
import type { ClientLinkEnd, Transport } from './contract.js';
import { Crowd, crowdedPollMs } from './crowd.js';
import { askAtOf, deadlineOf } from './link-deadlines.js';
import type { ManagedLinks, ManagedSession } from './managed-session.js';
import { OverdueAnswer } from './overdue-answer.js';
import { PollPause, refusedPollMs } from './poll-pause.js';
import { ProvenLife } from './proven-life.js';
import { RoundTrip } from './round-trip.js';
import { UpstreamWatch } from './upstream-watch.js';

const never = Number.POSITIVE_INFINITY;
/** While something is pending the machine looks this often. */
const lookMs = 100;

/**
 * Keeps a client's session linked: connects, proves, replaces and gives up every link. What is said on them is the session's. Its parts
 * keep their own state and say what has come of an input; only this class turns that into calls of the shell.
 */
export class LinkManager implements ManagedLinks {
  readonly links: ClientLinks = new ClientLinks();
  readonly roundTrip: RoundTrip = new RoundTrip();
  readonly backoff: Backoff;
  readonly requests: ClientRequests;
  readonly crowd: Crowd = new Crowd();
  readonly #session: ManagedSession;
  readonly #answer: OverdueAnswer = new OverdueAnswer();
  readonly #life: ProvenLife = new ProvenLife();
  readonly #pause: PollPause = new PollPause();
  readonly #watch: UpstreamWatch = new UpstreamWatch();
  #nextTickAt: number = never;

  constructor(session: ManagedSession) {
    this.#session = session;
    this.backoff = new Backoff(() => session.io.random());
    this.requests = new ClientRequests(session, this);
  }

  /** When `tick` is due, milliseconds of the shell's clock; `Infinity` for never. */
  get nextTickAt(): number {
    return this.#nextTickAt;
  }

  /** When the next link is tried while there is none; `null` while there is one. */
  get retryAt(): number | null {
    const { backoff, links } = this;
    const waits = !this.#session.ledger.done && !links.current && !this.isOpening && !backoff.isResting;
    return waits ? backoff.dueAt : null;
  }

  /** Since when nothing has been heard although the server was asked; `null` while nothing is overdue. */
  get silentSince(): number | null {
    return this.#answer.overdueSince;
  }

  get isOpening(): boolean {
    return !this.#session.id && this.links.all.size > 0;
  }

  get #heartbeatMs(): number {
    const { isHidden, ledger } = this.#session;
    return isHidden ? ledger.limits.heartbeatHiddenMs : ledger.limits.heartbeatMs;
  }

  // ---- begins links

  /** Begins to open the session. */
  open(transport: Transport): void {
    const { links } = this;
    const { instance, io, now } = this.#session;
    const record = this.#session.openRecord();
    const isDuplex = transport.kind === 'duplex';
    const link = links.add(isDuplex ? 'duplex' : 'post', isDuplex ? transport : null, transport, now);
    if (!isDuplex) {
      this.requests.open(link, record);
      return;
    }
    if (links.usesHeads) link.n = links.first();
    io.connect(link, links.usesHeads ? { ...record, instance } : undefined, []);
  }

  /** Begins a new down link: the candidate where there is a current one, else the current one. */
  connect(transport: Transport): void {
    const { links } = this;
    const { io, now } = this.#session;
    const polls = this.#pause.transport;
    const link = links.add(transport.kind, transport, null, now);
    const isHeld = transport.kind === 'poll' && !this.#crowdMs(transport);
    link.parked = isHeld && !links.current && !polls && links.attached;
    if (links.current || (polls && polls !== transport)) links.offer(link);
    else {
      links.use(link);
      this.#pause.end();
    }
    if (link.kind !== 'duplex') {
      this.requests.attach(link, this.#attachRecord(link));
      return;
    }
    // Beside another it is probed first (SN-10).
    const attachesAtOnce = link === links.current && links.usesHeads;
    io.connect(link, attachesAtOnce ? this.#attachRecord(link) : undefined, []);
  }

  attach(link: ClientLink): void {
    const { io, now } = this.#session;
    link.since = now;
    io.writeRecord(link, this.#attachRecord(link));
  }

  #attachRecord(link: ClientLink): AttachRecord {
    const everyMs = link.transport ? this.#everyMs(link.transport) : 0;
    return this.#session.attachRecord(this.links.number(link), everyMs);
  }

  /** Tries a second way while the first has not answered. */
  race(transport: Transport): void {
    const { all, attached, candidate, current } = this.links;
    const asked = [...all].some(({ kind }) => kind === 'post');
    if (!this.#session.id) {
      if (!asked) this.open(transport);
    } else if (!attached && !candidate && (current?.kind ?? 'duplex') === 'duplex') this.connect(transport);
  }

  /** Begins the next down link by this transport, unless it is the current one. */
  switchTo(transport: Transport): void {
    const { links } = this;
    this.drop(links.candidate, 'done');
    if (links.current?.transport?.name === transport.name) return;
    if (!links.attached) this.drop(links.current, 'done');
    this.connect(transport);
  }

  /** Something happened that may have brought the network back: probes or connects at once. */
  wake(): void {
    const { up } = this.links;
    this.backoff.wake(this.#session.now);
    // What came while the device slept may wait to be read: the silence says nothing, the answer to what is asked now does.
    this.hearAll();
    if (up) this.ask(up);
    else this.prove();
  }

  /** Lets go of every link, until `wake`. */
  rest(): void {
    this.dropAll();
    this.backoff.rest();
    this.rearm();
  }

  /** Begins what is due. */
  pump(): void {
    const { backoff, links } = this;
    const { id, io, ledger, now } = this.#session;
    const due = now >= backoff.dueAt;
    if (!id) {
      if (due && !this.isOpening) this.open(io.choose());
      return;
    }
    if (this.#pause.hasSent(ledger.sent)) this.pollSoon();
    if (!links.current && now >= backoff.dueAt) this.connect(this.#pause.transport ?? io.choose());
  }

  /** Attaches by the same transport anew, beside the current link, unless another is being tried already (SN-15). */
  prove(): void {
    const { attached, candidate, current } = this.links;
    if (!attached || candidate || !current?.transport) return;
    this.connect(current.transport);
    this.expectAnswer();
  }

  expectAnswer(bytes = 0): void {
    this.#answer.ask(this.#session.now, this.roundTrip.patienceMs + bytes / slowestUploadBytesPerMs);
  }

  answerCame(): void {
    if (this.#answer.heard()) this.#session.io.changed();
  }

  /** An answer came that took so long. */
  sample(ms: number): void {
    this.roundTrip.sample(ms, this.#session.now);
  }

  /** Goes on with the one link of the first stage. */
  adopt(link: ClientLink, attached: boolean): void {
    const { id, now } = this.#session;
    this.links.adopt(link, id !== null, attached);
    if (link.openedAt) this.connected(link, link.openedAt);
    if (attached) this.#life.begin(link.transport, true, now);
  }

  /**
   * The handshake of a link that brought its first record was answered. A connection takes a round trip, and so does the handshake on
   * it. A first packet that was lost takes a second, so this raises nothing that is known.
   */
  connected(link: ClientLink, openedAt: number): void {
    this.sample(Math.min((openedAt - link.since) / 2, this.roundTrip.estimateMs));
    link.since = openedAt;
  }

  // ---- what links bring

  /** Something came by this link. @returns whether it is still read */
  heard(link: ClientLink): boolean {
    const { links } = this;
    if (!links.has(link)) return false;
    link.heardAt = this.#session.now;
    if (link !== links.up) return true;
    // The link lives: nothing is in doubt that a second one would have to prove.
    this.#watch.assure();
    const second = this.#watch.takeSecond();
    if (!second?.n) this.drop(second, 'done');
    return true;
  }

  /** Silence so far says nothing of any of them. */
  hearAll(): void {
    for (const link of this.links.all) link.heardAt = this.#session.now;
  }

  /** Traffic beyond the head: the transport works, and the network is there (SN-12). */
  use(link: ClientLink, isMessage = false): void {
    const { io, now } = this.#session;
    link.useful = true;
    this.backoff.heard();
    if (isMessage) {
      this.requests.came();
      this.answerCame();
      this.#pause.messageCame();
    }
    if (!this.#life.use(link.transport, now)) return;
    this.backoff.succeeded();
    io.proven(link.transport as Transport);
  }

  /** The head of the current link came: it carries the session. */
  carry(link: ClientLink): void {
    const { attached } = this.links;
    this.#life.begin(link.transport, !attached, this.#session.now);
    this.links.attach();
  }

  /** What is written goes up by this link; `null`: by bodies. */
  moveUp(link: ClientLink | null): void {
    this.links.writeTo(link);
    if (link) this.#watch.assure();
    else this.requests.goOn();
    if (link) this.requests.size.freed();
  }

  /** The next link takes the place of the current one, which is read until the server is done with it (SN-10). */
  replace(): void {
    const { current } = this.links;
    if (current) current.retireAt = this.#session.now + supersededMs;
    this.promote();
  }

  promote(): void {
    if (this.links.promote()) this.#pause.end();
  }

  /** A poll was answered, or a stream reached the server's cap: the next of the same transport follows, at once unless it has a pause. */
  again(link: ClientLink): void {
    const { links } = this;
    this.#forget(link);
    const { candidate } = links;
    this.promote();
    // One that has not attached is still only tried: the polls go on beside it.
    if (candidate?.n) return;
    const transport = link.transport as Transport;
    const everyMs = this.#everyMs(transport);
    links.use(null);
    if (everyMs === 0) this.connect(transport);
    else this.#pauseFor(transport, this.#pause.nextMs(everyMs, this.#session.ledger.sent));
    links.offer(candidate);
  }

  #everyMs(transport: Transport): number {
    return this.#session.io.everyMs?.(transport) || this.#crowdMs(transport);
  }

  /** Milliseconds between two polls where these are not to be held, as connections are few (SN-47); else 0. */
  #crowdMs({ kind }: Transport): number {
    return kind === 'poll' && this.crowd.isFull(this.#session.now) ? crowdedPollMs : 0;
  }

  #pauseFor(transport: Transport, ms: number): void {
    const { ledger, now } = this.#session;
    this.#pause.begin(transport, ledger.sent, now);
    this.backoff.tryAt(now + ms);
  }

  /** Something waits to be fetched, or an answer to what was sent is likely: the next poll goes soon (SN-34). */
  pollSoon(): void {
    if (this.#pause.transport) this.backoff.tryAt(Math.min(this.backoff.dueAt, this.#pause.soonestAt));
  }

  /** The server will not take this poll before so much time has passed: nothing is wrong with it, and nothing is lost (SN-34). */
  later(link: ClientLink, ms: number): void {
    const { links } = this;
    const { current } = links;
    this.#forget(link);
    if (link === links.candidate) links.offer(null);
    if (link !== current) return;
    links.use(null);
    this.#pauseFor(link.transport as Transport, refusedPollMs(ms));
  }

  // ---- ends links

  /** What was written did not come while others got through: dead, or held back on the way (SN-13). */
  behind(link: ClientLink): void {
    if (link.kind === 'stream') this.fall(link, 'buffered');
    else this.#giveUp(link);
  }

  /** A link that did not answer in time, or is of no use any more. */
  #giveUp(link: ClientLink): void {
    if (link.retireAt) {
      this.drop(link, 'superseded');
      return;
    }
    if (link.in === 0) this.roundTrip.timedOut();
    // One may be lost by chance.
    const failures = this.crowd.isFull(this.#session.now) ? 0 : 1;
    if (!link.alone && this.requests.waits(link, failures) && this.#giveWay(link)) return;
    this.fall(link, 'silent');
  }

  makeRoom(link: ClientLink): void {
    const { now } = this.#session;
    const { since = now } = this.links.current ?? {};
    // What was held is left as much time as what waits.
    if (this.crowd.isFull(now) && now >= since + this.roundTrip.patienceMs) this.#giveWay(link);
  }

  /**
   * What waits beside a held request may wait for its connection: that one ends, and no other begins before this is over (SN-47).
   *
   * @returns false where none is held
   */
  #giveWay(link: ClientLink): boolean {
    const { links } = this;
    const { current, candidate } = links;
    const { io, now } = this.#session;
    if (current?.kind !== 'stream' && !current?.parked) return false;
    link.alone = current.transport as Transport;
    link.since = now;
    this.drop(candidate, 'done');
    io.end(current, 'done');
    this.#forget(current);
    links.use(null);
    this.backoff.tryAt(this.#deadline(link));
    return true;
  }

  passedAlone(link: ClientLink): void {
    const { io, now } = this.#session;
    const { alone, bytes = 0, since } = link;
    delete link.alone;
    this.backoff.tryAt(now);
    // Later than that, it had waited for the server and not for a connection.
    const isCrowd = now <= since + this.roundTrip.estimateMs + 250 + bytes / slowestUploadBytesPerMs;
    // Polls need not be held.
    if (alone && isCrowd && this.crowd.found(now)) io.failed(alone, alone.kind === 'poll', 'crowded');
  }

  /** A link ended that should not have, or was given up. */
  fall(link: ClientLink, reason?: ClientLinkEnd): void {
    const { links } = this;
    const { current, candidate } = links;
    const { id, io, now } = this.#session;
    this.requests.failed(link);
    this.drop(link, reason);
    if (link.tooLarge && link.bytes) {
      // What it brought was refused, and comes again in smaller pieces: nothing is wrong with the link (SN-46).
      this.backoff.tryAt(now);
      return;
    }
    if (link !== current && link !== candidate && id) return;
    if (link.kind === 'duplex' && link.in === 0) links.endedUnheard();
    const proven = link === current && this.#life.has(link.transport, now);
    if (!link.retireAt) io.failed((link.transport ?? link.opens) as Transport, proven);
    if (link === candidate) return;
    this.#life.end();
    if (proven) this.backoff.succeeded();
    this.backoff.failed(link.since, now);
  }

  /** A link is not needed any more, or has ended. */
  drop(link: ClientLink | null, reason?: ClientLinkEnd): void {
    const { links } = this;
    const { io, now } = this.#session;
    if (!link || !links.has(link)) return;
    if (reason) io.end(link, reason);
    this.#forget(link);
    if (links.candidate === link) links.offer(null);
    if (links.current !== link) return;
    this.promote();
    this.backoff.tryAt(now);
    if (links.detach()) io.changed();
  }

  dropAll(): void {
    for (const link of this.links.all) this.drop(link, 'done');
  }

  #forget(link: ClientLink): void {
    const wasUp = this.links.remove(link);
    if (wasUp) this.#watch.assure();
    if (this.requests.forget(link) || wasUp) this.requests.goOn();
  }

  /** The session has ended. */
  end(): void {
    for (const link of this.links.clear()) this.#session.io.end(link, 'closed');
    this.requests.end();
  }

  // ---- the clock

  /** Looks at what is overdue. */
  tick(): void {
    const { io, now } = this.#session;
    for (const link of this.links.all) if (now >= this.#deadline(link)) this.#giveUp(link);
    this.#doubt();
    if (now >= this.#askAt) {
      this.links.current!.askedAt = now;
      this.requests.post();
    }
    if (this.#answer.look(now)) io.changed();
  }

  /** What the way up still owes news of (SN-15). */
  watchUp(): void {
    const { ledger, now } = this.#session;
    this.#watch.look(ledger.allowed > ledger.peerReceived || ledger.closing !== 'no', now);
  }

  /** What was written and is not stated as received is asked after, then proven on a second link (SN-15). */
  #doubt(): void {
    const { io, now } = this.#session;
    const { candidate, up } = this.links;
    if (!up || candidate) return;
    const due = this.#watch.check(now, this.roundTrip.patienceMs);
    if (due === 'ask') this.ask(up);
    if (due !== 'prove') return;
    this.connect(io.choose());
    this.#watch.prove(this.links.candidate, now);
  }

  ask(up: ClientLink): void {
    const { io, now } = this.#session;
    this.#watch.ask(now);
    up.askedAt = now;
    io.writeRecord(up, { t: 'ping', at: up.out - 1, ...this.#session.counts() });
    this.expectAnswer();
  }

  #deadline(link: ClientLink): number {
    return deadlineOf(link, this.roundTrip, this.#heartbeatMs);
  }

  get #askAt(): number {
    const { candidate, current } = this.links;
    return candidate ? never : askAtOf(current, this.roundTrip, this.#heartbeatMs, this.requests.toldAt);
  }

  /** When a close that goes on is given up. */
  get closeAt(): number {
    const { closing, done } = this.#session.ledger;
    return done || typeof closing !== 'number' ? never : closing + closeMs + 2 * this.roundTrip.estimateMs;
  }

  rearm(): void {
    const { io, ledger } = this.#session;
    const due = ledger.done || this.backoff.isResting ? never : this.#dueAt;
    if (due === this.#nextTickAt) return;
    this.#nextTickAt = due;
    io.timer();
  }

  /** When the next link is overdue; sooner while anything else is pending, whose times are not worth telling apart. */
  get #dueAt(): number {
    const { backoff, links } = this;
    const { ledger, now } = this.#session;
    const next = this.#nextTickAt;
    let due = Math.min(this.#askAt, this.#answer.lookAt, links.current || this.isOpening ? never : backoff.dueAt);
    for (const link of links.all) due = Math.min(due, this.#deadline(link));
    const waiting = ledger.closing !== 'no' || this.#watch.isWaiting;
    if (!waiting && !this.requests.isPending) return due;
    return Math.min(due, next > now && next < now + lookMs ? next : now + lookMs);
  }
}
