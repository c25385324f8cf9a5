import { probeBytes, refusedRetryMaxMs, refusedRetryMs } from '../limits.js';
import type { AttachedRecord, OpenedRecord, RefusedRecord, SupersededRecord } from '../record.js';
import type { ClientLink } from './client-link.js';
import { writeFrom } from './client-records.js';
import type { Transport } from './contract.js';
import type { LinkManager } from './link-manager.js';
import type { ManagedSession } from './managed-session.js';

// What the records of a server change of the links of a client: which of them opens the session, carries it, takes another's place.

/** Writes on a two-way link what was not said in its handshake. */
export function greet(session: ManagedSession, manager: LinkManager, link: ClientLink): void {
  const { id, io, now } = session;
  link.since = now;
  link.headed = false;
  link.n = 0;
  if (!id) io.writeRecord(link, session.openRecord());
  else if (link === manager.links.candidate) io.writeRecord(link, { t: 'probe', pad: '.'.repeat(probeBytes) });
  else manager.attach(link);
}

/** The first answer to `open` has won. A two-way link that is slower is not lost: it goes on as the next one, to be probed (SN-14). */
export function attachFirst({ now }: ManagedSession, manager: LinkManager, link: ClientLink): void {
  const { links, requests } = manager;
  if (!link.n) manager.sample(now - link.since);
  requests.goOn();
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
 * A link had asked to open the session, and another was faster (SN-14): still a better way, or one that is not needed. The same nonce at
 * another node is another session, which nobody is going to confirm: nothing leads on from there.
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

/** The head of a link came, whose counts are taken. `link.in` is what it was before. */
export function headCame(
  session: ManagedSession,
  manager: LinkManager,
  link: ClientLink,
  record: AttachedRecord,
): void {
  const { io, ledger, now } = session;
  const { links, requests } = manager;
  // It opened the session after another had, and is being probed: at the server it was the faster one, so it is attached (SN-40).
  link.n ||= 1;
  if (!link.in && !link.parked && !link.headed) manager.sample(now - link.since);
  requests.answered(link, record);
  if (link === links.candidate) manager.replace();
  if (link !== links.current) return;
  if (!links.attached) settleRace(manager, link);
  manager.carry(link);
  if (link.kind === 'duplex') {
    if (link !== links.up) writeFrom(io, ledger, link, record.received);
    manager.moveUp(link);
  } else if (links.up) manager.moveUp(null);
  for (const old of links.all) if (old.superseded) manager.drop(old, 'superseded');
  requests.came();
  if (link.kind === 'poll') manager.use(link);
  io.changed();
}

/** The second way was the slower one (SN-14). Its attach may still reach the server, so the winner takes a higher number. */
function settleRace(manager: LinkManager, link: ClientLink): void {
  const { links } = manager;
  if (links.candidate?.kind !== 'duplex') manager.drop(links.candidate, 'done');
  if (link.kind === 'duplex' && links.raise(link.n)) manager.attach(link);
}

/** The server wrote the last on a link, because the client has attached another since (SN-10). */
export function superseded(manager: LinkManager, link: ClientLink, { n }: SupersededRecord): void {
  const { links } = manager;
  const { candidate, current } = links;
  links.raise(n);
  // It has attached again since.
  if (n < link.n) return;
  if (link === current && candidate?.n) {
    // The switch is under way: the old link goes on carrying up until the head of the new one has come.
    manager.replace();
    link.superseded = true;
  } else if (link === current && !link.useful) manager.fall(link, 'done');
  else manager.drop(link, 'done');
}

/**
 * The server takes no new session at the moment: nothing is wrong with the link, and the next one waits as long as the refusal says, and
 * longer where refusals go on (SN-43).
 *
 * @returns false where it is refused for good, and nothing was done
 */
export function refused(
  { id, io, now }: ManagedSession,
  manager: LinkManager,
  link: ClientLink,
  { code, retryAfterMs = refusedRetryMs }: RefusedRecord,
): boolean {
  const { backoff } = manager;
  if (code !== 'busy' && code !== 'closing') return false;
  manager.drop(link, code);
  // Another carrier was faster: the session is open.
  if (id) return true;
  io.failed(link.opens as Transport, true);
  backoff.failed(link.since, now);
  const waitMs = Math.min(refusedRetryMaxMs, retryAfterMs) * (1 + io.random());
  backoff.tryAt(Math.max(backoff.dueAt, now + waitMs));
  return true;
}
