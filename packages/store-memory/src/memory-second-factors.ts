import type { SecondFactor } from '@everywire/chat';

interface KeptFactor {
  readonly secret: string;
  /** The last used time step; `null` until the factor is confirmed. */
  readonly step: number | null;
  readonly recoveryHashes: ReadonlySet<string>;
}

/** The second factors of `MemoryAccounts`. */
export class MemorySecondFactors {
  readonly #factors = new Map<number, KeptFactor>();

  get(user: number): SecondFactor | null {
    const kept = this.#factors.get(user);
    if (kept === undefined) return null;
    return { secret: kept.secret, confirmed: kept.step !== null, recoveryCodesLeft: kept.recoveryHashes.size };
  }

  begin(user: number, secret: string): boolean {
    if ((this.#factors.get(user)?.step ?? null) !== null) return false;
    this.#factors.set(user, { secret, step: null, recoveryHashes: new Set() });
    return true;
  }

  confirm(
    user: number,
    { secret, step }: { readonly secret: string; readonly step: number },
    recoveryHashes: readonly string[],
  ): boolean {
    const kept = this.#factors.get(user);
    if (kept === undefined || kept.step !== null || kept.secret !== secret) return false;
    this.#factors.set(user, { ...kept, step, recoveryHashes: new Set(recoveryHashes) });
    return true;
  }

  useStep(user: number, step: number): boolean {
    const kept = this.#factors.get(user);
    if (kept === undefined || kept.step === null || step <= kept.step) return false;
    this.#factors.set(user, { ...kept, step });
    return true;
  }

  useRecoveryCode(user: number, hash: string): boolean {
    const kept = this.#factors.get(user);
    if (!kept?.recoveryHashes.has(hash)) return false;
    this.#factors.set(user, {
      ...kept,
      recoveryHashes: new Set([...kept.recoveryHashes].filter((each) => each !== hash)),
    });
    return true;
  }

  remove(user: number): void {
    this.#factors.delete(user);
  }
}
