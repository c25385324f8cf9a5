import type { Counts } from '../counts.js';
import type { AttachRecord, OpenRecord } from '../record.js';
import type { Backoff } from './backoff.js';
import type { ClientLedger } from './client-ledger.js';
import type { ClientLink } from './client-link.js';
import type { ClientLinks } from './client-links.js';
import type { ClientIo, ClientLinkEnd } from './contract.js';
import type { RoundTrip } from './round-trip.js';

/** The session, as far as its links see it: a `ClientSession`. */
export interface ManagedSession {
  readonly io: ClientIo;
  readonly ledger: ClientLedger;
  readonly instance: number;
  /** `null` until `opened`. */
  readonly id: string | null;
  /** Clock reading of the input being handled. */
  readonly now: number;
  /** The page is hidden, so the heartbeat is the longer one (SN-15). */
  readonly isHidden: boolean;
  /** Counts are due by themselves (SN-6). */
  readonly isAckDue: boolean;
  /** Counts are to be repeated until the verdict is heard (SN-4). */
  readonly isCloseDue: boolean;
  counts(): Counts;
  openRecord(): OpenRecord;
  attachRecord(n: number, everyMs: number): AttachRecord;
}

/** The links, as far as requests see them: a `LinkManager`. */
export interface ManagedLinks {
  readonly links: ClientLinks;
  readonly roundTrip: RoundTrip;
  readonly backoff: Backoff;
  /** An answer came that took so long. */
  sample(ms: number): void;
  /** Something was asked that the server answers at once. @param bytes of it, which take time on a slow path */
  expectAnswer(bytes?: number): void;
  /** Something waits to be fetched, or an answer to what was sent is likely: the next poll goes soon (SN-34). */
  pollSoon(): void;
  /** Attaches by the same transport anew, beside the current link, unless another is being tried already (SN-15). */
  prove(): void;
  /** Where it would wait for the held request beside it, that one ends (SN-47). */
  makeRoom(link: ClientLink): void;
  /** A request got through when the held one beside it had ended, and had not before (SN-47). */
  passedAlone(link: ClientLink): void;
  /** What was written did not come while others got through: dead, or held back on the way (SN-13). */
  behind(link: ClientLink): void;
  /** A link ended that should not have, or was given up. */
  fall(link: ClientLink, reason?: ClientLinkEnd): void;
  /** A link is not needed any more, or has ended. */
  drop(link: ClientLink | null, reason?: ClientLinkEnd): void;
}
