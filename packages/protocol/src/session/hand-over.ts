import { Asides } from './asides.js';
import type { WrittenParts } from './server-writing.js';
import type { SessionSnapshot } from './snapshot.js';

/** What of a session goes to another node (SN-24). */
interface HandedParts extends WrittenParts {
  readonly nonce: string;
  readonly term: number;
  asides: Asides | null;
  features: string;
}

/** What of a snapshot its session knows. */
type OwnSnapshot = Omit<SessionSnapshot, 'former' | 'topics' | 'application'>;

export function snapshotOf(parts: HandedParts, now: number): OwnSnapshot {
  const { id, nonce, term, limits, features, ledger, links, delivery, asides } = parts;
  return {
    ...{ id, nonce, term, limits, features },
    ...ledger.outgoing.snapshot(),
    ...ledger.incoming.snapshot(),
    undelivered: delivery.held,
    ...links.snapshot(now),
    ...(asides ?? new Asides()).snapshot(),
    closingMs: ledger.closingMs(now),
    leaseMs: delivery.lease?.leftAt(now) ?? null,
  };
}

/** The parts become what they were; the lease is the caller's to renew. */
export function restoreParts(parts: HandedParts, from: SessionSnapshot, now: number): void {
  const { ledger, links, delivery } = parts;
  parts.features = from.features;
  ledger.outgoing.restore(from);
  ledger.incoming.restore(from, from.undelivered);
  delivery.hold(from.undelivered);
  if (from.closingMs !== null) ledger.restoreClose(now - from.closingMs);
  links.restore(from, now);
  parts.asides = new Asides();
  parts.asides.restore(from);
}
