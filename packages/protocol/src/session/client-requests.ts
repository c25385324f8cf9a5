// Over 300 lines: one body is in flight at a time, and all that becomes of it is decided here.
import { earlyWindow } from '../limits.js';
import type { Message } from '../message.js';
import type { AnswerRecord, AttachedRecord, AttachRecord, BodyRecord, OpenRecord } from '../record.js';
import { wireVersion } from '../version.js';
import { bodyEnd, type Farewell, isStated, takeMessages, takePart } from './body-load.js';
import { BodySize } from './body-size.js';
import { ClientLink } from './client-link.js';
import type { ManagedLinks, ManagedSession } from './managed-session.js';

const never = Number.POSITIVE_INFINITY;

/**
 * The part of the client that travels by HTTP requests: `open` by POST, streams, polls, and bodies up, one in flight (SN-7). Nothing
 * of it is used before `allow`: without it only two-way transports work.
 */
export class ClientRequests {
  /** What passes on this network. */
  readonly size: BodySize = new BodySize();
  readonly #session: ManagedSession;
  readonly #manager: ManagedLinks;
  #allowed = false;
  /** The one carrier of a body in flight: a POST, or a poll that brought messages. */
  #body: ClientLink | null = null;
  /** Number of the first message of the next body. */
  #next = 1;
  /** Bodies so far: the `n` of the last one. */
  #bodies = 0;
  /** Counts have to travel by a body, were it empty: a ping came, a body was lost, the page was hidden (SN-6, SN-15). */
  #due = false;
  /** Goes with the next body. */
  #token: string | null = null;
  /** When the last body that brought messages was answered. */
  #toldAt = 0;
  #failures = 0;
  #postAt = 0;
  /** Since when the server had written more than came, as the answer to a body said (SN-15). */
  #behindSince: number = never;
  /** When the body left that got through after others had not: a down link that was not heard since may be dead too (SN-15). */
  #doubtSince: number = never;
  /** Proofs of it that were begun in vain, and when to begin the next. */
  #proofs = 0;
  #proveAt = 0;
  /** The answer to a body cannot be read: counts that come down tell what became of it (SN-6). */
  #blind = false;

  constructor(session: ManagedSession, manager: ManagedLinks) {
    this.#session = session;
    this.#manager = manager;
  }

  get toldAt(): number {
    return this.#toldAt;
  }

  /** Something waits for its time: look again soon. */
  get isPending(): boolean {
    const { closing } = this.#session.ledger;
    const doubtful = this.#behindSince < never || this.#doubtSince < never || this.#body?.landedAt !== undefined;
    const waits = !this.#manager.links.up && !this.#body && (closing !== 'no' || this.#isDue);
    return this.#allowed && (doubtful || waits);
  }

  allow(): void {
    this.#allowed = true;
  }

  /** With the first messages, which the server holds until the session is confirmed (SN-14). */
  open(link: ClientLink, record: OpenRecord): void {
    const { io, ledger } = this.#session;
    const { allowed, allowedBytes } = ledger;
    // The window lets one message through whatever its size; in an `open` it would be refused.
    const fits = allowedBytes <= earlyWindow.bytes && !this.size.isLearning;
    const messages = takeMessages(ledger, 1, fits ? allowed : 0, link);
    const blind = link.opens?.blind;
    const head = { ...record, version: wireVersion, first: 1, count: messages.length };
    io.connect(link, { ...head, ...(blind && { blind }) }, messages);
  }

  /** A poll or a stream is its own attach; a poll takes a body along where none is in flight (SN-8). */
  attach(link: ClientLink, record: AttachRecord): void {
    const { io, ledger, now } = this.#session;
    const { links } = this.#manager;
    const mayCarry = link.kind === 'poll' && !link.transport?.blind;
    // Where larger bodies are refused, or the last one did not pass, no poll shall fail with one.
    const free = mayCarry && !this.#body && !links.up && now >= this.#postAt && !this.size.isLearning;
    const first = this.#first;
    const messages = free ? this.#take(link) : [];
    if (messages.length > 0) link.parked = false;
    const prompt = !link.parked && link.kind === 'poll';
    const head = { ...record, sent: ledger.written, ...(prompt && { prompt }), first, count: messages.length };
    io.connect(link, head, messages);
  }

  /** After a body or the way up failed, or was answered: on from what the server last said it received (SN-7). */
  goOn(): void {
    const { acked, peerReceived } = this.#session.ledger;
    this.#next = Math.max(peerReceived, acked) + 1;
  }

  /** Counts have to travel by a body, or need not any more. */
  post(due = true): void {
    this.#due = due;
  }

  /** This token goes with a body. */
  renew(token: string): void {
    this.#token = token;
    this.#due = true;
  }

  /** The head of a stream or poll, or the answer to a body: what was asked came. */
  answered(link: ClientLink, record: AnswerRecord | AttachedRecord): void {
    const manager = this.#manager;
    const { ledger, now } = this.#session;
    if (link !== this.#body) return;
    this.#body = null;
    if (link.alone) manager.passedAlone(link);
    this.size.passed(link.bytes!, now);
    this.goOn();
    if (this.#failures > 0) this.#doubt(link.since);
    this.#failures = 0;
    if (record.t === 'attached') return;
    // A down link in doubt is proven anyway.
    if (link.bytes && this.#doubtSince === never) this.#toldAt = now;
    manager.sample(now - link.since);
    manager.links.remove(link);
    // While closing, what the server has accepted is owed as well: nothing here keeps it from writing it (SN-4).
    const { received, settled } = ledger;
    const owed = settled === received ? Math.max(record.sent, record.last ?? 0) : record.sent;
    this.#behindSince = owed > received ? Math.min(this.#behindSince, now) : never;
    if (owed > received) manager.pollSoon();
    if (record.attached === false) this.#missing(link.since);
  }

  /**
   * The server has no down link, though one left long before this body did: that one went by a connection that is dead, or its end
   * has not been heard of (SN-15). A poll is the only one whose silence says nothing.
   */
  #missing(since: number): void {
    const { links, roundTrip } = this.#manager;
    const { current } = links;
    if (current && this.#doubtSince === never && since > current.since + roundTrip.estimateMs + 250) this.#doubt(since);
  }

  /** A message came, or a head: nothing is known to be missing. */
  came(): void {
    this.#behindSince = never;
  }

  /** A link ended without an answer, or with one that it is too large (SN-46). */
  failed(link: ClientLink): void {
    const { size } = this;
    const { most, mostWhole } = size;
    const { now } = this.#session;
    const { bytes = 0, missed, tooLarge = false } = link;
    // An `open` that brings nothing fails for other reasons, and so does a body while nothing comes down.
    const mayBeSize = link.opens ? bytes > 0 : link === this.#body && this.#manager.links.attached;
    const { stuckSince } = size;
    if (mayBeSize || tooLarge) size.failed(bytes, tooLarge, now, missed);
    // Nothing passes, and no answer says why: is it the network?
    if (!tooLarge && size.stuckSince !== stuckSince) this.#doubt(now);
    if (link !== this.#body) return;
    this.#failures += 1;
    this.#due = true;
    this.#token ??= link.token ?? null;
    // A smaller one has not been tried: there is nothing to wait for.
    if (size.most < most || (tooLarge && size.mostWhole < mostWhole)) this.#postAt = 0;
    else this.#postAt = this.#manager.backoff.againAt(link.since, this.#failures, now);
    // It may have come, and the way down that should have told may be dead; what that brought in the same millisecond came before.
    if (link.blindTo !== undefined) this.#doubt(link.since + 1);
  }

  /** Whether it carries the body in flight and has not got through, after so many in a row that failed. */
  waits(link: ClientLink, failures: number): boolean {
    return link === this.#body && link.landedAt === undefined && this.#failures >= failures;
  }

  /** A link is not read any more. @returns whether it carried the body in flight */
  forget(link: ClientLink): boolean {
    if (link !== this.#body) return false;
    this.#body = null;
    return true;
  }

  /** The session has ended: no body is in flight. */
  end(): void {
    this.#body = null;
  }

  /** Best effort: a server that does not hear of it ends the session with `expired`. */
  fail(code: string): void {
    const { id, instance, io, ledger, now } = this.#session;
    const blind = this.#blind && { blind: true };
    if (!id || !this.#allowed) return;
    const link = new ClientLink('post', null, null, now);
    io.connect(link, { t: 'fail', id, instance, code, ack: ledger.settled, ...blind }, []);
  }

  /** Sends what is due. */
  pump(): void {
    const { links, roundTrip } = this.#manager;
    const { current } = links;
    if (!this.#allowed) return;
    if (current && this.#session.now >= this.#behindSince + 2 * roundTrip.estimateMs + 1000) {
      this.#behindSince = never;
      this.#manager.behind(current);
    }
    this.#confirm();
    this.#prove();
    if (!links.up) this.#pumpBody(current);
  }

  #pumpBody(current: ClientLink | null): void {
    const { io, isCloseDue, now } = this.#session;
    if (current && current.kind !== 'duplex') this.#blind = current.transport?.blind === true;
    // A first two-way attach under way is waited for, so that what it will carry is not sent twice (SN-10).
    const awaited = current?.kind === 'duplex' && current.in === 0 && now < current.since + 500;
    if (this.#body || awaited || now < this.#postAt || !(this.#isDue || isCloseDue)) return;
    const link = this.#manager.links.add('post', null, null, now);
    const { head, messages } = this.#fillBody(link);
    this.#manager.makeRoom(link);
    io.connect(link, this.#blind ? { ...head, blind: true } : head, messages);
    this.#manager.expectAnswer(link.bytes);
  }

  /** What the next body brings. */
  #fillBody(link: ClientLink): { readonly head: BodyRecord; readonly messages: readonly Message[] } {
    const first = this.#first;
    const token = this.#token;
    // Where larger bodies are refused, a token goes without content, so that neither is refused for the other.
    const alone = token !== null && this.size.isLearning;
    const part = alone ? null : takePart(this.#session.ledger, this.size, first, link);
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
   * A body whose answer cannot be read has come when the counts that come down state its messages; an empty one when it got
   * through and anything was heard since, for the server acknowledges it at once. One that got through before a down link left whose
   * counts do not state its messages was not taken (SN-6).
   */
  #confirm(): void {
    const manager = this.#manager;
    const body = this.#body;
    const { current } = manager.links;
    if (body?.blindTo === undefined) return;
    const { alone, blindTo, landedAt } = body;
    if (landedAt === this.#session.now) {
      // What became of it comes by the next poll, where these are not held.
      manager.pollSoon();
      if (alone) manager.passedAlone(body);
    }
    if (!isStated(this.#session.ledger, body)) {
      if (landedAt !== undefined && current) this.#missed(body, landedAt, current);
      return;
    }
    const heard = landedAt !== undefined && current && current.heardAt > body.since;
    if (!heard && blindTo === 0) return;
    this.size.passed(body.bytes!, this.#session.now);
    manager.drop(body, 'done');
    this.#failures = 0;
  }

  /** A blind body got through, and nothing that came since states it: the next down link tells. */
  #missed(body: ClientLink, landedAt: number, current: ClientLink): void {
    const manager = this.#manager;
    if (current.in > 0 && current.since > landedAt) {
      // Something may have answered in place of the server.
      body.missed = true;
      manager.fall(body);
    } else if (this.#doubtSince === never && this.#session.now > landedAt + manager.roundTrip.estimateMs + 250)
      this.#doubt(landedAt + 1);
  }

  #doubt(since: number): void {
    this.#doubtSince = since;
    this.#proofs = 0;
    this.#proveAt = 0;
  }

  /** Proves a down link in doubt, again when the proof was lost as well: what a browser keeps open may all be dead. */
  #prove(): void {
    const { backoff, links } = this.#manager;
    const { current, candidate } = links;
    const { now } = this.#session;
    if (!current || current.heardAt >= this.#doubtSince) this.#doubtSince = never;
    if (this.#doubtSince === never || candidate || now < this.#proveAt) return;
    this.#proofs += 1;
    this.#proveAt = now + backoff.pauseMs(this.#proofs, now);
    this.#manager.prove();
  }

  /** From the first the server may not have, whatever is under way: what comes twice is dropped by its number (SN-2). */
  farewell(messagesMax: number): Farewell | null {
    if (!this.#allowed) return null;
    const { ledger } = this.#session;
    const first = Math.max(ledger.peerReceived, ledger.acked) + 1;
    const end = Math.min(bodyEnd(ledger, this.size, first), first + messagesMax - 1);
    const messages = takeMessages(ledger, first, end);
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
    return this.#first <= session.ledger.allowed || session.isAckDue || this.#due;
  }

  /** The next body's first number: never at or below `acked` (SN-5). */
  get #first(): number {
    return Math.max(this.#next, this.#session.ledger.acked + 1);
  }

  #take(link: ClientLink): readonly Message[] {
    const { ledger } = this.#session;
    const first = this.#first;
    const messages = takeMessages(ledger, first, bodyEnd(ledger, this.size, first), link);
    this.#next = first + messages.length;
    if (messages.length > 0) this.#body = link;
    return messages;
  }
}
