/** A shared secret for one-time passwords (RFC 6238), besides the password. */
export interface SecondFactor {
  /** Base32. The server has to know it to compute the same codes. */
  readonly secret: string;
  /** It is asked for only once a code of it has been seen. */
  readonly confirmed: boolean;
  readonly recoveryCodesLeft: number;
}

/**
 * - `beginSecondFactor` replaces one that was never confirmed; false where there is a confirmed one.
 * - `confirmSecondFactor` keeps the hashes of the recovery codes and counts `step` as used; false where there is none to confirm, or another secret than the one
 *   whose code was seen: another `beginSecondFactor` came in between.
 * - `useSecondFactorStep` takes each time step once, and none before one that was taken: a code that was seen is of no use (RFC 6238
 *   section 5.2). Of two at once, one is taken.
 * - `useRecoveryCode` takes each code once.
 * - `removeSecondFactor` is idempotent, and takes the recovery codes along.
 * - `beginSecondFactor`, `confirmSecondFactor` and `removeSecondFactor` are without effect for an account that is not active, and answer false.
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
  /** Whether the account has no second factor now. */
  removeSecondFactor(user: number): Promise<boolean>;
}
