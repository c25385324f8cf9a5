import { PROBE_BYTES, REFUSED_RETRY_MAX_MS, REFUSED_RETRY_MS } from '../limits.js';
import type { AttachedRecord, OpenedRecord, RefusedRecord, SupersededRecord } from '../record.js';
import type { ClientLink } from './client-link.js';
import { writeFrom } from './client-records.js';
import type { Transport } from './contract.js';
import type { LinkManager } from './link-manager.js';
import type { ManagedSession } from './managed-session.js';

// How the server's records change a client's links: which one opens the session, which carries it, which is replaced. A
// client has at most one `current` link, which carries the server's messages, and one `candidate`, which shall replace it.

/** Writes the first record on a two-way link whose handshake did not carry one: an `open`, a `probe` or an `attach`. */
export function greet(session: ManagedSession, manager: LinkManager, link: ClientLink): void {
  const { id, io, now } = session;
  link.since = now;
  link.headed = false;
  link.n = 0;
  if (!id) io.writeRecord(link, session.openRecord());
  else if (link === manager.links.candidate) io.writeRecord(link, { t: 'probe', pad: '.'.repeat(PROBE_BYTES) });
  else manager.attach(link);
}

/**
 * Handles the first answer to an `open`, which wins. A slower two-way link is kept as the next one, to be probed
 * (SN-14).
 */
export function attachFirst({ now }: ManagedSession, manager: LinkManager, link: ClientLink): void {
  const { links, requests } = manager;
  if (!link.n) manager.sample(now - link.since);
  requests.resume();
  let late: ClientLink | null = null;
  for (const other of links.all) {
    if (link.kind === 'post' && other.kind === 'duplex') late = other;
    else if (other !== link) manager.drop(other, 'done');
  }
  if (link.kind === 'duplex') {
    links.use(link);
    if (!link.n) manager.attach(link);
    return;
  }
  links.remove(link);
  manager.connect(link.opens as Transport);
  if (!late) return;
  links.offer(late);
  late.since = now;
}

/**
 * Handles the answer to an `open` on a link that was not the fastest (SN-14): it may still be better, or is not needed.
 * If its id differs, another node opened a session that will never be confirmed, so the link is dropped.
 */
export function openedLate(
  session: ManagedSession,
  manager: LinkManager,
  link: ClientLink,
  { id }: OpenedRecord,
): void {
  const { candidate, current } = manager.links;
  if (id === session.id && (link === candidate || link === current)) greet(session, manager, link);
  else manager.drop(link, 'done');
}

/**
 * Handles the head (`attached`) of a link. From then on, the link carries the session. The caller must have applied the
 * counts of the head, and must not have set `link.in` yet.
 */
export function headCame(
  session: ManagedSession,
  manager: LinkManager,
  link: ClientLink,
  record: AttachedRecord,
): void {
  const { io, flow, now } = session;
  const { links, requests } = manager;
  // A link of a race without an attach number was probed as the slower one, but the server has attached its `open`
  // first (SN-40).
  link.n ||= 1;
  if (!link.in && !link.parked && !link.headed) manager.sample(now - link.since);
  requests.answered(link, record);
  if (link === links.candidate) manager.replace();
  if (link !== links.current) return;
  if (!links.attached) settleRace(manager, link);
  manager.carry(link);
  if (link.kind === 'duplex') {
    if (link !== links.up) writeFrom(io, flow, link, record.received);
    manager.moveUp(link);
  } else if (links.up) manager.moveUp(null);
  for (const old of links.all) if (old.superseded) manager.drop(old, 'superseded');
  requests.came();
  if (link.kind === 'poll') manager.use(link);
  io.changed();
}

/**
 * Drops the slower transport of a race (SN-14). Its attach may still reach the server, so the winner takes a higher
 * number.
 */
function settleRace(manager: LinkManager, link: ClientLink): void {
  const { links } = manager;
  if (links.candidate?.kind !== 'duplex') manager.drop(links.candidate, 'done');
  if (link.kind === 'duplex' && links.raise(link.n)) manager.attach(link);
}

/** Handles `superseded`: the server writes nothing more on a link, because the client has attached another (SN-10). */
export function superseded(manager: LinkManager, link: ClientLink, { n }: SupersededRecord): void {
  const { links } = manager;
  const { candidate, current } = links;
  links.raise(n);
  // The link has been attached again since.
  if (n < link.n) return;
  if (link === current && candidate?.n) {
    // A switch is in progress. The old link carries messages to the server until the head of the new link arrives.
    manager.replace();
    link.superseded = true;
  } else if (link === current && !link.useful) manager.fall(link, 'done');
  else manager.drop(link, 'done');
}

/**
 * Handles a temporary refusal of a new session. The link is not at fault. The next attempt waits as long as the refusal
 * states, and longer after repeated refusals (SN-43).
 *
 * @returns false, without any effect, if the refusal is final
 */
export function refused(
  { id, io, now }: ManagedSession,
  manager: LinkManager,
  link: ClientLink,
  { code, retryAfterMs = REFUSED_RETRY_MS }: RefusedRecord,
): boolean {
  const { backoff } = manager;
  if (code !== 'busy' && code !== 'closing') return false;
  manager.drop(link, code);
  // Another carrier was faster, so the session is open.
  if (id) return true;
  io.failed(link.opens as Transport, true);
  backoff.failed(link.since, now);
  const waitMs = Math.min(REFUSED_RETRY_MAX_MS, retryAfterMs) * (1 + io.random());
  backoff.tryAt(Math.max(backoff.dueAt, now + waitMs));
  return true;
}
