// Over 300 lines: one body is in flight at a time, and its whole life is managed here.
import { earlyWindow } from '../limits.js';
import type { Message } from '../message.js';
import type { AnswerRecord, AttachedRecord, AttachRecord, BodyRecord, OpenRecord } from '../record.js';
import { WIRE_VERSION } from '../version.js';
import { bodyEnd, type FinalBody, isStated, takeMessages, takePart } from './body-load.js';
import { BodySize } from './body-size.js';
import { ClientLink } from './client-link.js';
import type { ManagedLinks, ManagedSession } from './managed-session.js';

const NEVER = Number.POSITIVE_INFINITY;

/**
 * Manages a client's HTTP requests: `open` by POST, streams, polls, and bodies with messages to the server, of which
 * one is in flight at a time (SN-7). Not used before `allow`; until then only two-way transports work.
 */
export class ClientRequests {
  /** The body size that passes on this network. */
  readonly size: BodySize = new BodySize();
  readonly #session: ManagedSession;
  readonly #manager: ManagedLinks;
  #allowed = false;
  /** The carrier of the body in flight: a POST, or a poll with messages. */
  #body: ClientLink | null = null;
  /** Number of the first message of the next body. */
  #next = 1;
  /** Number of bodies so far, which is the `n` of the last one. */
  #bodies = 0;
  /**
   * Whether counts must be sent, if necessary in an empty body, because a ping came, a body was lost, or the page was
   * hidden (SN-6, SN-15).
   */
  #due = false;
  /** Token for the next body. */
  #token: string | null = null;
  /** When the last body with messages was answered. */
  #answeredAt = 0;
  /** Number of consecutive bodies that failed. */
  #failures = 0;
  /** When the next body may be sent, on the shell's clock. */
  #postAt = 0;
  /** Since when the answers to bodies state that the server wrote more than arrived (SN-15). */
  #behindSince: number = NEVER;
  /** Start of the body that succeeded after failures. A down link that is silent since then may be dead too (SN-15). */
  #doubtSince: number = NEVER;
  /** Number of failed proofs of the down link, and when to begin the next. */
  #proofs = 0;
  #proveAt = 0;
  /** Whether the answers to bodies cannot be read, so that the server's counts on another link confirm bodies (SN-6). */
  #blind = false;

  constructor(session: ManagedSession, manager: ManagedLinks) {
    this.#session = session;
    this.#manager = manager;
  }

  /** When the last body with messages was answered. */
  get answeredAt(): number {
    return this.#answeredAt;
  }

  /** Whether something waits for a time, so that `pump` must run again soon. */
  get isPending(): boolean {
    const { closing } = this.#session.flow;
    const doubtful = this.#behindSince < NEVER || this.#doubtSince < NEVER || this.#body?.landedAt !== undefined;
    const waits = !this.#manager.links.up && !this.#body && (closing !== 'no' || this.#isDue);
    return this.#allowed && (doubtful || waits);
  }

  /** Allows HTTP requests. Called if the client may use a transport over HTTP. */
  allow(): void {
    this.#allowed = true;
  }

  /** Sends an `open` with early messages, which the server holds until the session is confirmed (SN-14). */
  open(link: ClientLink, record: OpenRecord): void {
    const { io, flow } = this.#session;
    const { allowed, allowedBytes } = flow;
    // The window allows one message of any size, which an `open` could not carry.
    const fits = allowedBytes <= earlyWindow.bytes && !this.size.isLearning;
    const messages = takeMessages(flow, 1, fits ? allowed : 0, link);
    const blind = link.opens?.blind;
    const head = { ...record, version: WIRE_VERSION, first: 1, count: messages.length };
    io.connect(link, { ...head, ...(blind && { blind }) }, messages);
  }

  /** Sends an attach as a poll or stream. A poll also carries messages if no body is in flight (SN-8). */
  attach(link: ClientLink, record: AttachRecord): void {
    const { io, flow, now } = this.#session;
    const { links } = this.#manager;
    const mayCarry = link.kind === 'poll' && !link.transport?.blind;
    // If larger bodies are refused or the last one failed, a poll must not fail because of its messages.
    const free = mayCarry && !this.#body && !links.up && now >= this.#postAt && !this.size.isLearning;
    const first = this.#first;
    const messages = free ? this.#take(link) : [];
    if (messages.length > 0) link.parked = false;
    const prompt = !link.parked && link.kind === 'poll';
    const head = { ...record, sent: flow.written, ...(prompt && { prompt }), first, count: messages.length };
    io.connect(link, head, messages);
  }

  /**
   * Continues after the messages that the server last stated as received, once a body or the upstream link ended
   * (SN-7).
   */
  resume(): void {
    const { acked, peerReceived } = this.#session.flow;
    this.#next = Math.max(peerReceived, acked) + 1;
  }

  /** Sets whether counts must be sent in a body. */
  post(due = true): void {
    this.#due = due;
  }

  /** Sends a token with the next body. */
  renew(token: string): void {
    this.#token = token;
    this.#due = true;
  }

  /** Handles the answer to the body in flight: the answer to a POST, or the head of a poll. */
  answered(link: ClientLink, record: AnswerRecord | AttachedRecord): void {
    const manager = this.#manager;
    const { flow, now } = this.#session;
    if (link !== this.#body) return;
    this.#body = null;
    if (link.alone) manager.passedAlone(link);
    this.size.passed(link.bytes!, now);
    this.resume();
    if (this.#failures > 0) this.#doubt(link.since);
    this.#failures = 0;
    if (record.t === 'attached') return;
    // A down link in doubt will be proven anyway.
    if (link.bytes && this.#doubtSince === NEVER) this.#answeredAt = now;
    manager.sample(now - link.since);
    manager.links.remove(link);
    // While closing, the server owes what it accepted too, because no window here delays it (SN-4).
    const { received, settled } = flow;
    const owed = settled === received ? Math.max(record.sent, record.last ?? 0) : record.sent;
    this.#behindSince = owed > received ? Math.min(this.#behindSince, now) : NEVER;
    if (owed > received) manager.pollSoon();
    if (record.attached === false) this.#missing(link.since);
  }

  /**
   * Handles an answer that the server has no down link, although one was requested long before the body: its connection
   * is dead, or its end was not noticed (SN-15). A held poll is silent anyway, so this is the only sign.
   */
  #missing(since: number): void {
    const { links, roundTrip } = this.#manager;
    const { current } = links;
    if (current && this.#doubtSince === NEVER && since > current.since + roundTrip.estimateMs + 250) this.#doubt(since);
  }

  /** Records that a message or head arrived, so nothing is known to be missing. */
  came(): void {
    this.#behindSince = NEVER;
  }

  /** Handles a link that ended without an answer, or with the answer that it was too large (SN-46). */
  failed(link: ClientLink): void {
    const { size } = this;
    const { most, mostWhole } = size;
    const { now } = this.#session;
    const { bytes = 0, missed, tooLarge = false } = link;
    // An empty `open` fails for reasons other than size, and so does a body while no down link is attached.
    const mayBeSize = link.opens ? bytes > 0 : link === this.#body && this.#manager.links.attached;
    const { stuckSince } = size;
    if (mayBeSize || tooLarge) size.failed(bytes, tooLarge, now, missed);
    // If no body passes and no answer states why, check whether the network is down.
    if (!tooLarge && size.stuckSince !== stuckSince) this.#doubt(now);
    if (link !== this.#body) return;
    this.#failures += 1;
    this.#due = true;
    this.#token ??= link.token ?? null;
    // A smaller body was not tried yet, so it is sent without a pause.
    if (size.most < most || (tooLarge && size.mostWhole < mostWhole)) this.#postAt = 0;
    else this.#postAt = this.#manager.backoff.againAt(link.since, this.#failures, now);
    // It may have arrived while the down link that should report it is dead. Data received in the same millisecond
    // preceded it.
    if (link.blindTo !== undefined) this.#doubt(link.since + 1);
  }

  /** Returns whether the link carries the body in flight without success yet, after this many consecutive failures. */
  waits(link: ClientLink, failures: number): boolean {
    return link === this.#body && link.landedAt === undefined && this.#failures >= failures;
  }

  /** Handles a link that is no longer read. @returns whether it carried the body in flight */
  forget(link: ClientLink): boolean {
    if (link !== this.#body) return false;
    this.#body = null;
    return true;
  }

  /** Discards the body in flight, because the session has ended. */
  end(): void {
    this.#body = null;
  }

  /** Reports the client's failure, best effort. A server that does not receive it ends the session with `expired`. */
  fail(code: string): void {
    const { id, instance, io, flow, now } = this.#session;
    const blind = this.#blind && { blind: true };
    if (!id || !this.#allowed) return;
    const link = new ClientLink('post', null, null, now);
    io.connect(link, { t: 'fail', id, instance, code, ack: flow.settled, ...blind }, []);
  }

  /** Sends what is due, and proves the down link if necessary. */
  pump(): void {
    const { links, roundTrip } = this.#manager;
    const { current } = links;
    if (!this.#allowed) return;
    if (current && this.#session.now >= this.#behindSince + 2 * roundTrip.estimateMs + 1000) {
      this.#behindSince = NEVER;
      this.#manager.behind(current);
    }
    this.#confirm();
    this.#prove();
    if (!links.up) this.#pumpBody(current);
  }

  #pumpBody(current: ClientLink | null): void {
    const { io, isCloseDue, now } = this.#session;
    if (current && current.kind !== 'duplex') this.#blind = current.transport?.blind === true;
    // Waits for a first two-way attach in progress, so that its messages are not sent twice (SN-10).
    const awaited = current?.kind === 'duplex' && current.in === 0 && now < current.since + 500;
    if (this.#body || awaited || now < this.#postAt || !(this.#isDue || isCloseDue)) return;
    const link = this.#manager.links.add('post', null, null, now);
    const { head, messages } = this.#fillBody(link);
    this.#manager.makeRoom(link);
    io.connect(link, this.#blind ? { ...head, blind: true } : head, messages);
    this.#manager.expectAnswer(link.bytes);
  }

  /** Assembles the next body. */
  #fillBody(link: ClientLink): { readonly head: BodyRecord; readonly messages: readonly Message[] } {
    const first = this.#first;
    const token = this.#token;
    // If larger bodies are refused, a token is sent without content, so that neither is refused because of the other.
    const alone = token !== null && this.size.isLearning;
    const part = alone ? null : takePart(this.#session.flow, this.size, first, link);
    const messages = part || alone ? [] : this.#take(link);
    if (alone) link.bytes = token.length;
    link.token = token;
    this.#token = null;
    this.#body = link;
    this.#due = false;
    const head = { ...this.#head(first, messages.length), ...part, ...(token && { token }) };
    link.n = head.n;
    if (this.#blind) link.blindTo = part ? first : messages.length && first + messages.length - 1;
    return { head, messages };
  }

  /**
   * Confirms a body whose answer cannot be read. It is done when downstream counts state its messages. An empty one is
   * done when its request succeeded and anything arrived since, because the server acknowledges it immediately. A body
   * that succeeded before a down link began whose counts do not state its messages was not received (SN-6).
   */
  #confirm(): void {
    const manager = this.#manager;
    const body = this.#body;
    const { current } = manager.links;
    if (body?.blindTo === undefined) return;
    const { alone, blindTo, landedAt } = body;
    if (landedAt === this.#session.now) {
      // If polls are not held, the next poll brings its confirmation.
      manager.pollSoon();
      if (alone) manager.passedAlone(body);
    }
    if (!isStated(this.#session.flow, body)) {
      if (landedAt !== undefined && current) this.#missed(body, landedAt, current);
      return;
    }
    const heard = landedAt !== undefined && current && current.heardAt > body.since;
    if (!heard && blindTo === 0) return;
    this.size.passed(body.bytes!, this.#session.now);
    manager.drop(body, 'done');
    this.#failures = 0;
  }

  /**
   * Handles a body whose answer cannot be read, and that succeeded but is not confirmed: the next down link decides.
   */
  #missed(body: ClientLink, landedAt: number, current: ClientLink): void {
    const manager = this.#manager;
    if (current.in > 0 && current.since > landedAt) {
      // An intermediary may have answered instead of the server.
      body.missed = true;
      manager.fall(body);
    } else if (this.#doubtSince === NEVER && this.#session.now > landedAt + manager.roundTrip.estimateMs + 250)
      this.#doubt(landedAt + 1);
  }

  #doubt(since: number): void {
    this.#doubtSince = since;
    this.#proofs = 0;
    this.#proveAt = 0;
  }

  /** Proves a down link in doubt, repeatedly, because all connections that a browser keeps may be dead. */
  #prove(): void {
    const { backoff, links } = this.#manager;
    const { current, candidate } = links;
    const { now } = this.#session;
    if (!current || current.heardAt >= this.#doubtSince) this.#doubtSince = NEVER;
    if (this.#doubtSince === NEVER || candidate || now < this.#proveAt) return;
    this.#proofs += 1;
    this.#proveAt = now + backoff.pauseMs(this.#proofs, now);
    this.#manager.prove();
  }

  /**
   * Returns a last body that begins with the first unconfirmed message. The server drops repeated messages by number
   * (SN-2).
   */
  finalBody(messagesMax: number): FinalBody | null {
    if (!this.#allowed) return null;
    const { flow } = this.#session;
    const first = Math.max(flow.peerReceived, flow.acked) + 1;
    const end = Math.min(bodyEnd(flow, this.size, first), first + messagesMax - 1);
    const messages = takeMessages(flow, first, end);
    return { head: this.#head(first, messages.length), messages };
  }

  #head(first: number, count: number): BodyRecord {
    const session = this.#session;
    const { id, instance, isHidden: hidden } = session;
    this.#bodies += 1;
    return { t: 'body', id: id as string, n: this.#bodies, instance, first, count, hidden, ...session.counts() };
  }

  get #isDue(): boolean {
    const session = this.#session;
    return this.#first <= session.flow.allowed || session.isAckDue || this.#due;
  }

  /** First number of the next body; never at or below `acked` (SN-5). */
  get #first(): number {
    return Math.max(this.#next, this.#session.flow.acked + 1);
  }

  #take(link: ClientLink): readonly Message[] {
    const { flow } = this.#session;
    const first = this.#first;
    const messages = takeMessages(flow, first, bodyEnd(flow, this.size, first), link);
    this.#next = first + messages.length;
    if (messages.length > 0) this.#body = link;
    return messages;
  }
}
