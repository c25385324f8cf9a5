/** A shared secret for one-time passwords (RFC 6238), in addition to the password. */
export interface SecondFactor {
  /** Base32. The server must know it to compute the codes. */
  readonly secret: string;
  /** Whether it is required: only after one of its codes was verified. */
  readonly confirmed: boolean;
  readonly recoveryCodesLeft: number;
}

/**
 * Stores second factors.
 *
 * - `beginSecondFactor` replaces an unconfirmed one; returns false if there is a confirmed one.
 * - `confirmSecondFactor` stores the hashes of the recovery codes and marks `step` as used. Returns false if there is none to
 * confirm, or if its secret is not the one whose code was verified, because of another `beginSecondFactor` meanwhile.
 * - `useSecondFactorStep` accepts each time step once, and none before an accepted one: an observed code cannot be replayed (RFC
 * 6238 section 5.2). Of two concurrent calls, one succeeds.
 * - `useRecoveryCode` accepts each code once.
 * - `removeSecondFactor` is idempotent and also removes the recovery codes.
 * - `beginSecondFactor`, `confirmSecondFactor` and `removeSecondFactor` have no effect on an account that is not active, and
 * return false.
 */
export interface SecondFactors {
  secondFactor(user: number): Promise<SecondFactor | null>;
  beginSecondFactor(user: number, secret: string): Promise<boolean>;
  confirmSecondFactor(
    user: number,
    confirmed: { readonly secret: string; readonly step: number },
    recoveryHashes: readonly string[],
  ): Promise<boolean>;
  useSecondFactorStep(user: number, step: number): Promise<boolean>;
  useRecoveryCode(user: number, hash: string): Promise<boolean>;
  /** Returns whether the account has no second factor now. */
  removeSecondFactor(user: number): Promise<boolean>;
}
