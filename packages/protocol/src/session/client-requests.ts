import { earlyWindow, slowestUploadBytesPerMs } from '../limits.js';
import type { Message } from '../message.js';
import type { AnswerRecord, AttachedRecord, AttachRecord, BodyRecord, OpenRecord } from '../record.js';
import { batchEnd } from './batch.js';
import { ClientLink } from './client-link.js';
import { type ClientLinks, type Farewell, never, type Requests } from './client-links.js';

/**
 * The part of the client that travels by HTTP requests: `open` by POST, streams, polls, and bodies up, one in flight (SN-7).
 * Its state is the session's; only its own pauses are here.
 */
class ClientRequests implements Requests {
  readonly #session: ClientLinks;
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

  constructor(session: ClientLinks) {
    this.#session = session;
  }

  get pending(): boolean {
    const { body, closingAt, up } = this.#session;
    const doubtful = this.#behindSince < never || this.#doubtSince < never;
    return doubtful || !(up || body || (closingAt === undefined && !this.#due));
  }

  /** With the first messages, which the server holds until the session is confirmed (SN-14). */
  open(link: ClientLink, record: OpenRecord): void {
    const session = this.#session;
    // The window lets one message through whatever its size; in an `open` it would be refused.
    const messages = this.#messages(1, session.allowedBytes > earlyWindow.bytes ? 0 : session.allowed);
    const blind = link.opens?.blind;
    session.io.connect(link, { ...record, first: 1, count: messages.length, ...(blind && { blind }) }, messages);
  }

  /** A poll or a stream is its own attach; a poll takes a body along where none is in flight (SN-8). */
  attach(link: ClientLink, record: AttachRecord): void {
    const { io, body, up, now } = this.#session;
    const free = link.kind === 'poll' && !link.transport?.blind && !body && !up && now >= this.#postAt;
    const first = this.#first;
    const messages = free ? this.#take(link) : [];
    if (messages.length > 0) link.parked = false;
    const prompt = !link.parked && link.kind === 'poll';
    io.connect(link, { ...record, ...(prompt && { prompt }), first, count: messages.length }, messages);
  }

  answered(link: ClientLink, record: AnswerRecord | AttachedRecord): void {
    const session = this.#session;
    if (link !== session.body) return;
    session.body = null;
    session.goOn();
    if (this.#failures > 0) this.#doubt(link.since);
    this.#failures = 0;
    if (record.t === 'attached') return;
    // A down link in doubt is proven anyway.
    if (link.uploadMs > 0 && this.#doubtSince === never) session.toldAt = session.now;
    session.sample(session.now - link.since);
    session.links.delete(link);
    // While closing, what the server has accepted is owed as well: nothing here keeps it from writing it (SN-4).
    const { received, settled } = session;
    const owed = settled === received ? Math.max(record.sent, record.last ?? 0) : record.sent;
    this.#behindSince = owed > received ? Math.min(this.#behindSince, session.now) : never;
    if (owed > received) session.pollSoon();
    if (record.attached === false) this.#missing(link.since);
  }

  /**
   * The server has no down link, though one left long before this body did: that one went by a connection that is dead, or its end
   * has not been heard of (SN-15). A poll is the only one whose silence says nothing.
   */
  #missing(since: number): void {
    const { current, roundTrip } = this.#session;
    if (current && this.#doubtSince === never && since > current.since + roundTrip + 250) this.#doubt(since);
  }

  came(): void {
    this.#behindSince = never;
  }

  failed({ since, blindTo }: ClientLink): void {
    this.#failures += 1;
    this.#session.postDue = true;
    this.#postAt = this.#session.againAt(since, this.#failures);
    // It may have come, and the way down that should have told may be dead; what that brought in the same millisecond came before.
    if (blindTo !== undefined) this.#doubt(since + 1);
  }

  /** Best effort: a server that does not hear of it ends the session with `expired`. */
  fail(code: string): void {
    const { id, io, now, settled } = this.#session;
    const blind = this.#blind && { blind: true };
    if (id) io.connect(new ClientLink('post', null, null, now), { t: 'fail', id, code, ack: settled, ...blind }, []);
  }

  pump(): void {
    const session = this.#session;
    const { current, now } = session;
    if (current && now >= this.#behindSince + 2 * session.roundTrip + 1000) {
      this.#behindSince = never;
      session.behind(current);
    }
    this.#confirm();
    this.#prove();
    if (session.up) return;
    if (current && current.kind !== 'duplex') this.#blind = current.transport?.blind === true;
    // A first two-way attach under way is waited for, so that what it will carry is not sent twice (SN-10).
    const awaited = current?.kind === 'duplex' && current.in === 0 && now < current.since + 500;
    if (session.body || awaited || now < this.#postAt || !(this.#due || session.closeDue)) return;
    const link = new ClientLink('post', null, null, now);
    session.links.add(link);
    const first = this.#first;
    const messages = this.#take(link);
    session.body = link;
    session.postDue = false;
    const token = session.freshToken;
    session.freshToken = null;
    const head = { ...this.#head(first, messages.length), ...(token && { token }) };
    if (this.#blind) link.blindTo = messages.length && first + messages.length - 1;
    session.io.connect(link, this.#blind ? { ...head, blind: true } : head, messages);
  }

  /**
   * A body whose answer cannot be read has come when the counts that come down state its messages; an empty one when it got
   * through and anything was heard since, for the server acknowledges it at once. One that got through before a down link left whose
   * counts do not state its messages was not taken (SN-6).
   */
  #confirm(): void {
    const session = this.#session;
    const { body, current, peerReceived } = session;
    if (body?.blindTo === undefined) return;
    const { blindTo, landedAt } = body;
    if (blindTo > peerReceived) {
      if (landedAt !== undefined && current && current.in > 0 && current.since > landedAt) session.fall(body);
      return;
    }
    const heard = landedAt !== undefined && current && current.heardAt > body.since;
    if (!heard && blindTo === 0) return;
    session.drop(body, 'done');
    this.#failures = 0;
  }

  #doubt(since: number): void {
    this.#doubtSince = since;
    this.#proofs = 0;
    this.#proveAt = 0;
  }

  /** Proves a down link in doubt, again when the proof was lost as well: what a browser keeps open may all be dead. */
  #prove(): void {
    const session = this.#session;
    const { current, candidate, now } = session;
    if (!current || current.heardAt >= this.#doubtSince) this.#doubtSince = never;
    if (this.#doubtSince === never || candidate || now < this.#proveAt) return;
    this.#proofs += 1;
    this.#proveAt = now + session.pause(this.#proofs);
    session.prove();
  }

  /** From the first the server may not have, whatever is under way: what comes twice is dropped by its number (SN-2). */
  farewell(messagesMax: number): Farewell {
    const session = this.#session;
    const first = Math.max(session.peerReceived, session.acked) + 1;
    const messages = this.#messages(first, Math.min(batchEnd(session, first), first + messagesMax - 1));
    return { head: this.#head(first, messages.length), messages };
  }

  #head(first: number, count: number): BodyRecord {
    const session = this.#session;
    return { t: 'body', id: session.id as string, first, count, hidden: session.away, ...session.counts() };
  }

  get #due(): boolean {
    const session = this.#session;
    return this.#first <= session.allowed || session.ackDue() || session.postDue;
  }

  /** The next body's first number: never at or below `acked` (SN-5). */
  get #first(): number {
    return Math.max(this.#session.postNext, this.#session.acked + 1);
  }

  #take(link: ClientLink): readonly Message[] {
    const session = this.#session;
    const first = this.#first;
    const messages = this.#messages(first, batchEnd(session, first));
    session.postNext = first + messages.length;
    if (messages.length > 0) session.body = link;
    for (const message of messages) link.uploadMs += message.byteLength / slowestUploadBytesPerMs;
    return messages;
  }

  /** The messages of a body; they count as written. */
  #messages(first: number, last: number): readonly Message[] {
    const session = this.#session;
    const messages: Message[] = [];
    for (let number = first; number <= last; number += 1) messages.push(session.messageAt(number));
    session.written = Math.max(session.written, last);
    return messages;
  }
}

export function createRequests(session: ClientLinks): Requests {
  return new ClientRequests(session);
}
