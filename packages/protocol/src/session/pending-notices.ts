import type { ServerRecord } from '../record.js';
import { ResetLog } from './reset-log.js';
import type { ServerLink } from './server-link.js';

/** State that a hand-over moves to another node (SN-24). */
export interface PendingNoticesSnapshot {
  readonly resets: readonly (readonly [topic: string, no: number])[];
  readonly resetNo: number;
}

/**
 * Holds the notices that the server must send: a new session id (SN-20), and resets of topics, of which messages were
 * dropped (SN-23). Repeats them after a lost link. Most sessions need neither.
 */
export class PendingNotices {
  #resets: ResetLog | null = null;
  /** Set while a new id is not used yet; `sentOn` is the link on which it was sent last. */
  #rotation: { sentOn: ServerLink | null } | null = null;

  /** Queues a reset of a topic. */
  reset(topic: string): void {
    this.#resets ??= new ResetLog();
    this.#resets.add(topic);
  }

  /** Records that the client has seen resets up to `no`, and none after it. */
  resetsSeen(no: number): void {
    this.#resets?.seen(no);
  }

  /** Whether a reset is to be written. */
  get isResetDue(): boolean {
    return this.#resets !== null && this.#resets.sent < this.#resets.last;
  }

  /** Returns the resets to write now, and counts them as sent. */
  takeResets(): readonly ServerRecord[] {
    return this.#resets?.take().map(([topic, no]) => ({ t: 'reset', topic, no })) ?? [];
  }

  /** Records that the session has a new id to send. */
  rotate(): void {
    this.#rotation = { sentOn: null };
  }

  /** Records that the client has used the new id. @returns whether there was one to use */
  endRotation(): boolean {
    const hadOne = this.#rotation !== null;
    this.#rotation = null;
    return hadOne;
  }

  /** Returns whether the new id is to be sent on this link. */
  isRotationDue(link: ServerLink): boolean {
    return this.#rotation !== null && this.#rotation.sentOn !== link;
  }

  /** Records that the new id was sent on this link. */
  rotationSent(link: ServerLink): void {
    if (this.#rotation !== null) this.#rotation.sentOn = link;
  }

  /** Returns the state for a hand-over. */
  snapshot(): PendingNoticesSnapshot {
    return { resets: this.#resets?.topics ?? [], resetNo: this.#resets?.last ?? 0 };
  }

  /** Restores the state of a hand-over. */
  restore({ resets, resetNo }: PendingNoticesSnapshot): void {
    if (resetNo === 0) return;
    this.#resets = new ResetLog();
    this.#resets.restore(resets, resetNo);
  }
}
