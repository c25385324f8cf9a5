import { PROVEN_LIFE_MS } from '../limits.js';
import type { Transport } from './contract.js';

/** The transport that carries the session, since when, and whether it has carried useful traffic or is proven. */
type Carrying = 'nothing' | { readonly by: Transport | null; readonly since: number; state: 'new' | 'used' | 'proven' };

/**
 * Decides whether a transport works: it has carried the session for a while, with some useful traffic. A link that
 * opens, sends its head and fails proves nothing (SN-12).
 */
export class TransportProof {
  #carrying: Carrying = 'nothing';

  /** Records that a link of this transport carries the session. @param isFirstLink whether no link carried it before */
  begin(by: Transport | null, isFirstLink: boolean, now: number): void {
    if (isFirstLink || !this.#isBy(by)) this.#carrying = { by, since: now, state: 'new' };
  }

  /** Records that no link carries the session. */
  end(): void {
    this.#carrying = 'nothing';
  }

  /** Records useful traffic. @returns whether the transport has become proven; true once */
  use(by: Transport | null, now: number): boolean {
    const carrying = this.#carrying;
    if (carrying === 'nothing' || carrying.by !== by || carrying.state === 'proven') return false;
    carrying.state = 'used';
    if (!this.has(by, now)) return false;
    carrying.state = 'proven';
    return true;
  }

  /** Returns whether this transport is proven. */
  has(by: Transport | null, now: number): boolean {
    const carrying = this.#carrying;
    if (carrying === 'nothing' || carrying.by !== by) return false;
    return carrying.state !== 'new' && now >= carrying.since + PROVEN_LIFE_MS;
  }

  #isBy(by: Transport | null): boolean {
    return this.#carrying !== 'nothing' && this.#carrying.by === by;
  }
}
