import { provenLifeMs } from '../limits.js';
import type { Transport } from './contract.js';

/** Which transport carries the session, since when, and what that has shown so far. */
type Carrying = 'nothing' | { readonly by: Transport | null; readonly since: number; state: 'new' | 'used' | 'proven' };

/**
 * Whether a transport works: it has carried the session for a while, and something useful in it. What opens, greets and dies proves
 * nothing (SN-12).
 */
export class ProvenLife {
  #carrying: Carrying = 'nothing';

  /** A link of this transport carries the session now. @param anew whether nothing carried it before */
  begin(by: Transport | null, anew: boolean, now: number): void {
    if (anew || !this.#isBy(by)) this.#carrying = { by, since: now, state: 'new' };
  }

  end(): void {
    this.#carrying = 'nothing';
  }

  /** Something useful came by it. @returns whether that proves it, once */
  use(by: Transport | null, now: number): boolean {
    const carrying = this.#carrying;
    if (carrying === 'nothing' || carrying.by !== by || carrying.state === 'proven') return false;
    carrying.state = 'used';
    if (!this.has(by, now)) return false;
    carrying.state = 'proven';
    return true;
  }

  /** Whether this one has been proven by now. */
  has(by: Transport | null, now: number): boolean {
    const carrying = this.#carrying;
    if (carrying === 'nothing' || carrying.by !== by) return false;
    return carrying.state !== 'new' && now >= carrying.since + provenLifeMs;
  }

  #isBy(by: Transport | null): boolean {
    return this.#carrying !== 'nothing' && this.#carrying.by === by;
  }
}
