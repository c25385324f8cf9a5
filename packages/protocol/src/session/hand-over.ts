import { PendingNotices } from './pending-notices.js';
import type { WrittenParts } from './server-writing.js';
import type { SessionSnapshot } from './snapshot.js';

/** The parts of a session that a hand-over (the move of a session to another node) transfers (SN-24). */
interface HandedParts extends WrittenParts {
  readonly nonce: string;
  readonly term: number;
  pendingNotices: PendingNotices | null;
  features: string;
}

/** The part of a snapshot that the session itself knows. */
type OwnSnapshot = Omit<SessionSnapshot, 'former' | 'topics' | 'application'>;

/** Returns the session's part of a snapshot. */
export function snapshotOf(parts: HandedParts, now: number): OwnSnapshot {
  const { id, nonce, term, limits, features, flow, links, delivery, pendingNotices } = parts;
  return {
    id,
    nonce,
    term,
    limits,
    features,
    ...flow.outgoing.snapshot(),
    ...flow.incoming.snapshot(),
    undelivered: delivery.held,
    ...links.snapshot(now),
    ...(pendingNotices ?? new PendingNotices()).snapshot(),
    closingMs: flow.closingMs(now),
    leaseMs: delivery.tokenLifetime?.leftAt(now) ?? null,
  };
}

/** Restores the parts from a snapshot. The caller must renew the token lifetime. */
export function restoreParts(parts: HandedParts, from: SessionSnapshot, now: number): void {
  const { flow, links, delivery } = parts;
  parts.features = from.features;
  flow.outgoing.restore(from);
  flow.incoming.restore(from, from.undelivered);
  delivery.hold(from.undelivered);
  if (from.closingMs !== null) flow.restoreClose(now - from.closingMs);
  links.restore(from, now);
  parts.pendingNotices = new PendingNotices();
  parts.pendingNotices.restore(from);
}
