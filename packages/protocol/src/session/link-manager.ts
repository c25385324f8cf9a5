// Over 300 lines: starting, replacing and ending the links of a client depend on each other.
import { CLOSE_MS, SLOWEST_UPLOAD_BYTES_PER_MS, SUPERSEDED_MS } from '../limits.js';
import type { AttachRecord } from '../record.js';
import { Backoff } from './backoff.js';
import type { ClientLink } from './client-link.js';
import { ClientLinks } from './client-links.js';
import { ClientRequests } from './client-requests.js';
import { ConnectionScarcity, CROWDED_POLL_MS } from './connection-scarcity.js';
import type { ClientLinkEnd, Transport } from './contract.js';
import { askAtOf, deadlineOf } from './link-deadlines.js';
import type { ManagedLinks, ManagedSession } from './managed-session.js';
import { PollPause, refusedPollMs } from './poll-pause.js';
import { ResponseTimeout } from './response-timeout.js';
import { RoundTrip } from './round-trip.js';
import { TransportProof } from './transport-proof.js';
import { UpstreamCheck } from './upstream-check.js';

const NEVER = Number.POSITIVE_INFINITY;
/** How often the session checks whether anything that is pending has become due, in milliseconds. */
const LOOK_MS = 100;

/**
 * Keeps a client's session connected: connects, proves, replaces and ends its links. The `current` link is read; a `candidate` shall
 * replace it; `up` carries messages to the server. The parts return results, and only this class turns them into calls of the shell.
 */
export class LinkManager implements ManagedLinks {
  readonly links: ClientLinks = new ClientLinks();
  readonly roundTrip: RoundTrip = new RoundTrip();
  readonly backoff: Backoff;
  readonly requests: ClientRequests;
  readonly crowd: ConnectionScarcity = new ConnectionScarcity();
  readonly #session: ManagedSession;
  readonly #timeout: ResponseTimeout = new ResponseTimeout();
  readonly #transportProof: TransportProof = new TransportProof();
  readonly #pause: PollPause = new PollPause();
  readonly #upstreamCheck: UpstreamCheck = new UpstreamCheck();
  #nextTickAt: number = NEVER;

  constructor(session: ManagedSession) {
    this.#session = session;
    this.backoff = new Backoff(() => session.io.random());
    this.requests = new ClientRequests(session, this);
  }

  /** When `tick` is due, in milliseconds of the shell's clock; `Infinity` for never. */
  get nextTickAt(): number {
    return this.#nextTickAt;
  }

  /** When the next link is tried; `null` while there is a link, or no link is to be tried. */
  get retryAt(): number | null {
    const { backoff, links } = this;
    const waits = !this.#session.flow.done && !links.current && !this.isOpening && !backoff.isResting;
    return waits ? backoff.dueAt : null;
  }

  /** Since when the server has not answered a request; `null` while no answer is overdue. */
  get silentSince(): number | null {
    return this.#timeout.overdueSince;
  }

  get isOpening(): boolean {
    return !this.#session.id && this.links.all.size > 0;
  }

  get #heartbeatMs(): number {
    const { isHidden, flow } = this.#session;
    return isHidden ? flow.limits.heartbeatHiddenMs : flow.limits.heartbeatMs;
  }

  // ---- starting links

  /** Starts to open the session by this transport. */
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

  /** Starts a new link from the server: as the candidate if there is a current link, otherwise as the current link. */
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
    // A candidate is probed before it is attached (SN-10).
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

  /** Tries a second transport while the first has not answered. */
  race(transport: Transport): void {
    const { all, attached, candidate, current } = this.links;
    const asked = [...all].some(({ kind }) => kind === 'post');
    if (!this.#session.id) {
      if (!asked) this.open(transport);
    } else if (!attached && !candidate && (current?.kind ?? 'duplex') === 'duplex') this.connect(transport);
  }

  /** Starts the next link from the server by this transport, unless the current link uses it already. */
  switchTo(transport: Transport): void {
    const { links } = this;
    this.drop(links.candidate, 'done');
    if (links.current?.transport?.name === transport.name) return;
    if (!links.attached) this.drop(links.current, 'done');
    this.connect(transport);
  }

  /** Probes or connects immediately, because the network may be back. */
  wake(): void {
    const { up } = this.links;
    this.backoff.wake(this.#session.now);
    // Data that arrived while the device slept may still be unread, so only silence from now on counts.
    this.hearAll();
    if (up) this.ask(up);
    else this.prove();
  }

  /** Ends every link, until `wake`. */
  rest(): void {
    this.dropAll();
    this.backoff.rest();
    this.rearm();
  }

  /** Starts links that are due. */
  pump(): void {
    const { backoff, links } = this;
    const { id, io, flow, now } = this.#session;
    const due = now >= backoff.dueAt;
    if (!id) {
      if (due && !this.isOpening) this.open(io.choose());
      return;
    }
    if (this.#pause.hasSent(flow.sent)) this.pollSoon();
    if (!links.current && now >= backoff.dueAt) this.connect(this.#pause.transport ?? io.choose());
  }

  /** Attaches a second link by the current transport to prove it, unless another is being tried already (SN-15). */
  prove(): void {
    const { attached, candidate, current } = this.links;
    if (!attached || candidate || !current?.transport) return;
    this.connect(current.transport);
    this.expectAnswer();
  }

  expectAnswer(bytes = 0): void {
    this.#timeout.ask(this.#session.now, this.roundTrip.patienceMs + bytes / SLOWEST_UPLOAD_BYTES_PER_MS);
  }

  answerCame(): void {
    if (this.#timeout.heard()) this.#session.io.changed();
  }

  /** Records the duration of a round trip. */
  sample(ms: number): void {
    this.roundTrip.sample(ms, this.#session.now);
  }

  /** Takes over the only link of the first stage (`ClientStart`). */
  adopt(link: ClientLink, attached: boolean): void {
    const { id, now } = this.#session;
    this.links.adopt(link, id !== null, attached);
    if (link.openedAt) this.connected(link, link.openedAt);
    if (attached) this.#transportProof.begin(link.transport, true, now);
  }

  /**
   * Measures the round trip by a handshake that carried the first record. It took two round trips: connection and handshake. Never
   * raises a known estimate, because the loss of the first packet would double the measured time.
   */
  connected(link: ClientLink, openedAt: number): void {
    this.sample(Math.min((openedAt - link.since) / 2, this.roundTrip.estimateMs));
    link.since = openedAt;
  }

  // ---- input from links

  /** Records that data arrived on a link. @returns whether it is still read */
  heard(link: ClientLink): boolean {
    const { links } = this;
    if (!links.has(link)) return false;
    link.heardAt = this.#session.now;
    if (link !== links.up) return true;
    // The link is alive, so no second link is needed to test it.
    this.#upstreamCheck.assure();
    const second = this.#upstreamCheck.takeSecond();
    if (!second?.n) this.drop(second, 'done');
    return true;
  }

  /** Disregards the silence of all links so far. */
  hearAll(): void {
    for (const link of this.links.all) link.heardAt = this.#session.now;
  }

  /** Records traffic after the head of a link, which shows that the transport works and the network is up (SN-12). */
  use(link: ClientLink, isMessage = false): void {
    const { io, now } = this.#session;
    link.useful = true;
    this.backoff.heard();
    if (isMessage) {
      this.requests.came();
      this.answerCame();
      this.#pause.messageCame();
    }
    if (!this.#transportProof.use(link.transport, now)) return;
    this.backoff.succeeded();
    io.proven(link.transport as Transport);
  }

  /** Records that the head of the current link arrived, so it carries the session. */
  carry(link: ClientLink): void {
    const { attached } = this.links;
    this.#transportProof.begin(link.transport, !attached, this.#session.now);
    this.links.attach();
  }

  /** Sets the link that carries upstream; `null` for bodies. */
  moveUp(link: ClientLink | null): void {
    this.links.writeTo(link);
    if (link) this.#upstreamCheck.assure();
    else this.requests.resume();
    if (link) this.requests.size.freed();
  }

  /** Replaces the current link by the candidate. The old link is still read until the server is done with it (SN-10). */
  replace(): void {
    const { current } = this.links;
    if (current) current.retireAt = this.#session.now + SUPERSEDED_MS;
    this.promote();
  }

  promote(): void {
    if (this.links.promote()) this.#pause.end();
  }

  /** Starts the next poll or stream of the same transport after a complete one, immediately unless polls have a pause. */
  again(link: ClientLink): void {
    const { links } = this;
    this.#forget(link);
    const { candidate } = links;
    this.promote();
    // A candidate that has not attached is only being tried, so the polls continue.
    if (candidate?.n) return;
    const transport = link.transport as Transport;
    const everyMs = this.#everyMs(transport);
    links.use(null);
    if (everyMs === 0) this.connect(transport);
    else this.#pauseFor(transport, this.#pause.nextMs(everyMs, this.#session.flow.sent));
    links.offer(candidate);
  }

  #everyMs(transport: Transport): number {
    return this.#session.io.everyMs?.(transport) || this.#crowdMs(transport);
  }

  /** Returns the pause between two polls in milliseconds if connections are too scarce to hold polls (SN-47); otherwise 0. */
  #crowdMs({ kind }: Transport): number {
    return kind === 'poll' && this.crowd.isFull(this.#session.now) ? CROWDED_POLL_MS : 0;
  }

  #pauseFor(transport: Transport, ms: number): void {
    const { flow, now } = this.#session;
    this.#pause.begin(transport, flow.sent, now);
    this.backoff.tryAt(now + ms);
  }

  /** Brings the next poll forward, because the server has something to send or a reply is likely (SN-34). */
  pollSoon(): void {
    if (this.#pause.transport) this.backoff.tryAt(Math.min(this.backoff.dueAt, this.#pause.soonestAt));
  }

  /** Repeats a poll that the server refused as too early, after `ms` milliseconds. Nothing is lost (SN-34). */
  later(link: ClientLink, ms: number): void {
    const { links } = this;
    const { current } = links;
    this.#forget(link);
    if (link === links.candidate) links.offer(null);
    if (link !== current) return;
    links.use(null);
    this.#pauseFor(link.transport as Transport, refusedPollMs(ms));
  }

  // ---- ending links

  /** Ends a link whose data did not arrive while requests succeeded, so that it is dead or an intermediary delays it (SN-13). */
  behind(link: ClientLink): void {
    if (link.kind === 'stream') this.fall(link, 'buffered');
    else this.#giveUp(link);
  }

  /** Ends a link that timed out or is no longer useful. */
  #giveUp(link: ClientLink): void {
    if (link.retireAt) {
      this.drop(link, 'superseded');
      return;
    }
    if (link.in === 0) this.roundTrip.timedOut();
    // The first failure is not counted as a reason to free a connection, because a single timeout may be chance.
    const failures = this.crowd.isFull(this.#session.now) ? 0 : 1;
    if (!link.alone && this.requests.waits(link, failures) && this.#endHeldRequest(link)) return;
    this.fall(link, 'silent');
  }

  makeRoom(link: ClientLink): void {
    const { now } = this.#session;
    const { since = now } = this.links.current ?? {};
    // Not before the held request has had as much time as the waiting one.
    if (this.crowd.isFull(now) && now >= since + this.roundTrip.patienceMs) this.#endHeldRequest(link);
  }

  /**
   * Ends a request that the server holds open, because `link` may wait for its connection. Starts no other until `link` is done (SN-47).
   *
   * @returns false if none is held
   */
  #endHeldRequest(link: ClientLink): boolean {
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
    // A later answer was delayed by the server and not by a lack of connections.
    const isCrowd = now <= since + this.roundTrip.estimateMs + 250 + bytes / SLOWEST_UPLOAD_BYTES_PER_MS;
    // Polls remain usable, because they need not be held.
    if (alone && isCrowd && this.crowd.found(now)) io.failed(alone, alone.kind === 'poll', 'crowded');
  }

  /** Handles a link that failed or timed out. */
  fall(link: ClientLink, reason?: ClientLinkEnd): void {
    const { links } = this;
    const { current, candidate } = links;
    const { id, io, now } = this.#session;
    this.requests.failed(link);
    this.drop(link, reason);
    if (link.tooLarge && link.bytes) {
      // The link is not at fault. Its body was refused as too large, and the content is sent again in smaller bodies (SN-46).
      this.backoff.tryAt(now);
      return;
    }
    if (link !== current && link !== candidate && id) return;
    if (link.kind === 'duplex' && link.in === 0) links.endedUnheard();
    const proven = link === current && this.#transportProof.has(link.transport, now);
    if (!link.retireAt) io.failed((link.transport ?? link.opens) as Transport, proven);
    if (link === candidate) return;
    this.#transportProof.end();
    if (proven) this.backoff.succeeded();
    this.backoff.failed(link.since, now);
  }

  /** Removes a link that has ended, or ends it if there is a `reason`. */
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
    if (wasUp) this.#upstreamCheck.assure();
    if (this.requests.forget(link) || wasUp) this.requests.resume();
  }

  /** Ends all links, because the session has ended. */
  end(): void {
    for (const link of this.links.clear()) this.#session.io.end(link, 'closed');
    this.requests.end();
  }

  // ---- the clock

  /** Handles everything that is overdue. */
  tick(): void {
    const { io, now } = this.#session;
    for (const link of this.links.all) if (now >= this.#deadline(link)) this.#giveUp(link);
    this.#doubt();
    if (now >= this.#askAt) {
      this.links.current!.askedAt = now;
      this.requests.post();
    }
    if (this.#timeout.look(now)) io.changed();
  }

  /** Checks whether the server owes confirmation of upstream messages (SN-15). */
  watchUp(): void {
    const { flow, now } = this.#session;
    this.#upstreamCheck.look(flow.allowed > flow.peerReceived || flow.closing !== 'no', now);
  }

  /** Asks the server about unconfirmed messages, then proves the upstream link by a second one (SN-15). */
  #doubt(): void {
    const { io, now } = this.#session;
    const { candidate, up } = this.links;
    if (!up || candidate) return;
    const due = this.#upstreamCheck.check(now, this.roundTrip.patienceMs);
    if (due === 'ask') this.ask(up);
    if (due !== 'prove') return;
    this.connect(io.choose());
    this.#upstreamCheck.prove(this.links.candidate, now);
  }

  ask(up: ClientLink): void {
    const { io, now } = this.#session;
    this.#upstreamCheck.ask(now);
    up.askedAt = now;
    io.writeRecord(up, { t: 'ping', at: up.out - 1, ...this.#session.counts() });
    this.expectAnswer();
  }

  #deadline(link: ClientLink): number {
    return deadlineOf(link, this.roundTrip, this.#heartbeatMs);
  }

  get #askAt(): number {
    const { candidate, current } = this.links;
    return candidate ? NEVER : askAtOf(current, this.roundTrip, this.#heartbeatMs, this.requests.answeredAt);
  }

  /** When a close times out. */
  get closeAt(): number {
    const { closing, done } = this.#session.flow;
    return done || typeof closing !== 'number' ? NEVER : closing + CLOSE_MS + 2 * this.roundTrip.estimateMs;
  }

  rearm(): void {
    const { io, flow } = this.#session;
    const due = flow.done || this.backoff.isResting ? NEVER : this.#dueAt;
    if (due === this.#nextTickAt) return;
    this.#nextTickAt = due;
    io.timer();
  }

  /** When `tick` is due: when a link or answer is overdue, or after `LOOK_MS` while anything is pending without an exact time. */
  get #dueAt(): number {
    const { backoff, links } = this;
    const { flow, now } = this.#session;
    const next = this.#nextTickAt;
    let due = Math.min(this.#askAt, this.#timeout.lookAt, links.current || this.isOpening ? NEVER : backoff.dueAt);
    for (const link of links.all) due = Math.min(due, this.#deadline(link));
    const waiting = flow.closing !== 'no' || this.#upstreamCheck.isWaiting;
    if (!waiting && !this.requests.isPending) return due;
    return Math.min(due, next > now && next < now + LOOK_MS ? next : now + LOOK_MS);
  }
}
