import type { ServerRecord } from '../record.js';
import { ResetLog } from './reset-log.js';
import type { ServerLink } from './server-link.js';

/** What another node goes on with (SN-24). */
export interface AsidesSnapshot {
  readonly resets: readonly (readonly [topic: string, no: number])[];
  readonly resetNo: number;
}

/** What is told beside messages, and again after a lost link: a new id (SN-20), topics that were reset (SN-23). Most sessions have neither. */
export class Asides {
  #resets: ResetLog | null = null;
  /** A new id was given and not used yet; and where it was told last. */
  #rotation: { told: ServerLink | null } | null = null;

  reset(topic: string): void {
    this.#resets ??= new ResetLog();
    this.#resets.add(topic);
  }

  /** The client has seen resets up to this one, and nothing beyond it. */
  resetsSeen(no: number): void {
    this.#resets?.seen(no);
  }

  get isResetDue(): boolean {
    return this.#resets !== null && this.#resets.told < this.#resets.last;
  }

  /** What is to be written now. */
  takeResets(): readonly ServerRecord[] {
    return this.#resets?.take().map(([topic, no]) => ({ t: 'reset', topic, no })) ?? [];
  }

  rotate(): void {
    this.#rotation = { told: null };
  }

  /** The client has used the new id. @returns whether it had one to use */
  endRotation(): boolean {
    const hadOne = this.#rotation !== null;
    this.#rotation = null;
    return hadOne;
  }

  /** Whether the new id is yet to be told on this link. */
  isRotationDue(link: ServerLink): boolean {
    return this.#rotation !== null && this.#rotation.told !== link;
  }

  rotationTold(link: ServerLink): void {
    if (this.#rotation !== null) this.#rotation.told = link;
  }

  snapshot(): AsidesSnapshot {
    return { resets: this.#resets?.topics ?? [], resetNo: this.#resets?.last ?? 0 };
  }

  restore({ resets, resetNo }: AsidesSnapshot): void {
    if (resetNo === 0) return;
    this.#resets = new ResetLog();
    this.#resets.restore(resets, resetNo);
  }
}
