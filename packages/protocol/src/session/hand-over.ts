import { PendingNotices } from './pending-notices.js';
import type { WrittenParts } from './server-writing.js';
import type { SessionSnapshot } from './snapshot.js';

/** The parts of a session that a hand-over moves to another node (SN-24). */
interface HandedParts extends WrittenParts {
  readonly nonce: string;
  readonly term: number;
  asides: PendingNotices | null;
  features: string;
}

/** The part of a snapshot that the session itself knows. */
type OwnSnapshot = Omit<SessionSnapshot, 'former' | 'topics' | 'application'>;

/** Returns the session's part of a snapshot. */
export function snapshotOf(parts: HandedParts, now: number): OwnSnapshot {
  const { id, nonce, term, limits, features, ledger, links, delivery, asides } = parts;
  return {
    ...{ id, nonce, term, limits, features },
    ...ledger.outgoing.snapshot(),
    ...ledger.incoming.snapshot(),
    undelivered: delivery.held,
    ...links.snapshot(now),
    ...(asides ?? new PendingNotices()).snapshot(),
    closingMs: ledger.closingMs(now),
    leaseMs: delivery.lease?.leftAt(now) ?? null,
  };
}

/** Restores the parts from a snapshot. The caller must renew the lease. */
export function restoreParts(parts: HandedParts, from: SessionSnapshot, now: number): void {
  const { ledger, links, delivery } = parts;
  parts.features = from.features;
  ledger.outgoing.restore(from);
  ledger.incoming.restore(from, from.undelivered);
  delivery.hold(from.undelivered);
  if (from.closingMs !== null) ledger.restoreClose(now - from.closingMs);
  links.restore(from, now);
  parts.asides = new PendingNotices();
  parts.asides.restore(from);
}
