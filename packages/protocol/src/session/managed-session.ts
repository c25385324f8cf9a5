import type { Counts } from '../counts.js';
import type { AttachRecord, OpenRecord } from '../record.js';
import type { Backoff } from './backoff.js';
import type { ClientLink } from './client-link.js';
import type { ClientLinks } from './client-links.js';
import type { ClientState } from './client-state.js';
import type { ClientIo, ClientLinkEnd } from './contract.js';
import type { RoundTrip } from './round-trip.js';

/** The view of a `ClientSession` that its links use. */
export interface ManagedSession {
  readonly io: ClientIo;
  readonly flow: ClientState;
  readonly instance: number;
  /** `null` until `opened`. */
  readonly id: string | null;
  /** Clock reading of the input being handled. */
  readonly now: number;
  /** Whether the page is hidden, which makes the heartbeat longer (SN-15). */
  readonly isHidden: boolean;
  /** Whether counts must be sent (SN-6). */
  readonly isAckDue: boolean;
  /** Whether counts must be repeated until the verdict arrives (SN-4). */
  readonly isCloseDue: boolean;
  /** Returns the counts block and regards it as sent (SN-5). */
  counts(): Counts;
  /** Returns the record that opens the session. */
  openRecord(): OpenRecord;
  /** Returns the record that attaches a link as number `n`. */
  attachRecord(n: number, everyMs: number): AttachRecord;
}

/** The view of a `LinkManager` that requests use. */
export interface ManagedLinks {
  readonly links: ClientLinks;
  readonly roundTrip: RoundTrip;
  readonly backoff: Backoff;
  /** Records the duration of a round trip. */
  sample(ms: number): void;
  /** Expects an immediate answer. @param bytes sent, which take time on a slow path */
  expectAnswer(bytes?: number): void;
  /** Brings the next poll forward, because something is to be fetched or a reply is likely (SN-34). */
  pollSoon(): void;
  /** Attaches a second link by the current transport to prove it, unless another is being tried already (SN-15). */
  prove(): void;
  /** Ends a held request if this link would wait for its connection (SN-47). */
  makeRoom(link: ClientLink): void;
  /** Records that a request succeeded only after the held one ended (SN-47). */
  passedAlone(link: ClientLink): void;
  /** Ends a link whose data did not arrive while requests succeeded: dead, or delayed by an intermediary (SN-13). */
  behind(link: ClientLink): void;
  /** Handles a link that failed or timed out. */
  fall(link: ClientLink, reason?: ClientLinkEnd): void;
  /** Removes a link that has ended, or ends it if there is a `reason`. */
  drop(link: ClientLink | null, reason?: ClientLinkEnd): void;
}
