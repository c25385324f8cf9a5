/** A shared secret for one-time passwords (RFC 6238), in addition to the password. */
export interface SecondFactor {
  /** Base32. The server must know it to compute the codes. */
  readonly secret: string;
  /** Whether a code is required to sign in. That is so once the user has confirmed the factor by one of its codes. */
  readonly confirmed: boolean;
  readonly recoveryCodesLeft: number;
}

/**
 * Stores second factors.
 *
 * - `beginSecondFactor` replaces an unconfirmed factor. Returns false if there is a confirmed one.
 * - `confirmSecondFactor` confirms the factor, stores the hashes of the recovery codes and marks `step` as used.
 *   Returns false if there is none to confirm, or if its secret is not `secret`, whose code the caller has verified,
 *   because `beginSecondFactor` was called again meanwhile.
 * - `useSecondFactorStep` accepts each time step (the 30 seconds of a code) once, and none before an accepted one. An
 *   observed code can therefore not be used again (RFC 6238 section 5.2). Of two concurrent calls, one succeeds.
 * - `useRecoveryCode` accepts each code once.
 * - `removeSecondFactor` is idempotent and also removes the recovery codes.
 * - `beginSecondFactor`, `confirmSecondFactor` and `removeSecondFactor` have no effect on an account that is not
 *   active, and return false.
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
