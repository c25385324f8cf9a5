import type { Addressee } from '../addressee.js';
import type { Counts } from '../counts.js';
import type { SessionLimits, SessionTimes } from '../limits.js';
import type { AttachRecord, BodyRecord } from '../record.js';
import { batchEnd } from './batch.js';
import type { Delivery } from './delivery.js';
import type { PendingNotices } from './pending-notices.js';
import type { ServerLink } from './server-link.js';
import type { ServerLinks } from './server-links.js';
import type { SessionState } from './session-state.js';

// What a session at the server writes on its links, and when. `ServerSession` calls these functions.

/** The parts of a session that these functions use. */
export interface WrittenParts {
  readonly id: string;
  readonly limits: SessionLimits;
  readonly flow: SessionState;
  readonly links: ServerLinks;
  readonly delivery: Delivery;
  readonly pendingNotices: PendingNotices | null;
}

/** Returns the counts block as it may be sent now, and regards it as sent. */
export function countsOf({ flow, delivery }: WrittenParts): Counts {
  const counts = flow.counts();
  if (delivery.isConfirmed || counts.ack === 0) return counts;
  // An unconfirmed client may have to open another session with all its messages, so nothing is acknowledged to it
  // (SN-14).
  flow.incoming.forgetAck();
  return { ...counts, ack: 0 };
}

/** Returns whether counts must be sent. Never before the session is confirmed. */
export function isAckDue({ flow, delivery }: WrittenParts): boolean {
  return delivery.isConfirmed && flow.isAckDue;
}

/** Writes the head of a link, with its number and instance, which its client compares with its own (SN-9). */
export function writeHead(parts: WrittenParts, link: ServerLink): void {
  const { top: n, instance } = parts.links;
  link.io.writeRecord({ t: 'attached', first: link.out, ...countsOf(parts), n, instance });
}

/** Writes everything due on a link that stays open: pending notices, messages as far as the window allows, counts. */
export function writeLink(parts: WrittenParts, link: ServerLink, now: number): void {
  const { flow, links, delivery } = parts;
  writePendingNotices(parts, link, now);
  const last = flow.outgoing.allowed;
  if (delivery.isOpen && link.out <= last) writeRun(parts, link, last);
  const sendsLast = !flow.isOpen && !link.lastSent;
  if (!sendsLast && !isAckDue(parts) && !links.isUrgent(now)) return;
  links.countsSent();
  link.lastSent = !flow.isOpen;
  link.io.writeRecord({ t: 'ack', ...countsOf(parts) });
}

/** Returns whether a held poll must be answered: there is something to send, or a heartbeat has passed (SN-15). */
export function isPollDue(parts: WrittenParts, link: ServerLink, now: number, { urgentMs }: SessionTimes): boolean {
  const { flow, links, delivery } = parts;
  // While the session closes, the poll is answered soon, because the answer tells the client the last number (`last`).
  if (!flow.isOpen) link.dueAt = Math.min(link.dueAt, now + urgentMs);
  if (link.prompt || now >= link.dueAt || links.isUrgent(now) || isAckDue(parts)) return true;
  return isAsideDue(parts, link, now) || (delivery.isOpen && link.out <= flow.outgoing.allowed);
}

/** Answers a poll and ends it. */
export function answerPoll(parts: WrittenParts, link: ServerLink, now: number): void {
  const { flow, links, delivery, limits } = parts;
  links.countsSent();
  link.out = Math.max(link.out, flow.outgoing.acked + 1);
  writeHead(parts, link);
  writePendingNotices(parts, link, now);
  const last = batchEnd(flow.outgoing, limits, link.out);
  if (delivery.isOpen && link.out <= last) writeRun(parts, link, last);
  // The next poll acknowledges these messages by itself.
  flow.skipRequest();
  link.end('done', now);
}

/** Answers a body with the counts, and states whether there is a down link. */
export function answerBody(parts: WrittenParts, link: ServerLink, { n, instance }: BodyRecord): void {
  const attached = parts.links.down === null && { attached: false };
  link.io.writeRecord({ t: 'answer', ...countsOf(parts), ...attached, n, instance });
}

/** Sends the verdict on a link of the addressee `to`, and ends the link. */
export function sendVerdict({ flow }: WrittenParts, link: ServerLink, to: Addressee, now: number): void {
  const { done } = flow;
  if (!link.open || done === null) return;
  flow.verdictSent = true;
  link.io.writeRecord({ t: 'closed', clean: done.clean, code: done.code, ack: flow.incoming.settled, ...to });
  link.end('closed', now);
}

/**
 * Ends a link whose attach is stale, because the client, or a copy of it such as a duplicated tab, has attached another
 * link since (SN-9). @returns whether it did
 */
export function refuseOutrun({ links }: WrittenParts, link: ServerLink, record: AttachRecord, now: number): boolean {
  if (!links.isOutrun(record)) return false;
  const { instance } = record;
  link.io.writeRecord({ t: 'superseded', n: links.top, same: instance === links.instance, instance });
  link.end('superseded', now);
  return true;
}

/** Writes `superseded` to a replaced link and ends it. A two-way link is read until the client closes it (SN-10). */
export function supersede({ links }: WrittenParts, link: ServerLink, instance: number, now: number): void {
  link.io.writeRecord({ t: 'superseded', n: links.top, same: instance === links.instance, instance });
  links.remove(link);
  if (link.kind === 'duplex') links.retire(link, now)?.end('superseded', now);
  else link.end('superseded', now);
}

/** Writes pings, and ends links that have timed out. */
export function tickLinks(parts: WrittenParts, now: number): void {
  const { links } = parts;
  for (const link of links.old) if (now >= link.dueAt) link.end('superseded', now);
  const link = links.down;
  if (link === null) return;
  const due = links.check(now);
  if (due === 'silent') link.end('silent', now);
  else if (due === 'ping') link.io.writeRecord({ t: 'ping', at: link.out - 1, ...countsOf(parts) });
}

function writeRun({ flow: { outgoing } }: WrittenParts, link: ServerLink, last: number): void {
  link.io.writeMessages(outgoing, link.out, last);
  link.out = last + 1;
  outgoing.wrote(last);
}

/** Returns whether anything other than messages and counts must be sent. */
function isAsideDue({ pendingNotices, delivery }: WrittenParts, link: ServerLink, now: number): boolean {
  if (delivery.tokenLifetime?.isAskDue(now)) return true;
  return (
    pendingNotices !== null &&
    (pendingNotices.isRotationDue(link) || (pendingNotices.isResetDue && !delivery.isSuspended))
  );
}

function writePendingNotices(parts: WrittenParts, link: ServerLink, now: number): void {
  if (!isAsideDue(parts, link, now)) return;
  const { pendingNotices, delivery, links, id } = parts;
  if (pendingNotices?.isRotationDue(link)) {
    pendingNotices.rotationSent(link);
    link.io.writeRecord({ t: 'rotate', id, instance: links.instance });
  }
  if (delivery.tokenLifetime?.isAskDue(now)) {
    delivery.tokenLifetime.ask(now);
    link.io.writeRecord({ t: 'auth' });
  }
  if (pendingNotices?.isResetDue && !delivery.isSuspended)
    for (const reset of pendingNotices.takeResets()) link.io.writeRecord(reset);
}
