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
 * - `confirmSecondFactor` keeps the hashes of the recovery codes and counts `step` as used; false where there is none to confirm.
 * - `useSecondFactorStep` takes each time step once, and none before one that was taken: a code that was seen is of no use (RFC 6238
 *   section 5.2). Of two at once, one is taken.
 * - `useRecoveryCode` takes each code once.
 * - `removeSecondFactor` is idempotent, and takes the recovery codes along.
 */
export interface SecondFactors {
  secondFactor(user: number): Promise<SecondFactor | null>;
  beginSecondFactor(user: number, secret: string): Promise<boolean>;
  confirmSecondFactor(user: number, step: number, recoveryHashes: readonly string[]): Promise<boolean>;
  useSecondFactorStep(user: number, step: number): Promise<boolean>;
  useRecoveryCode(user: number, hash: string): Promise<boolean>;
  removeSecondFactor(user: number): Promise<void>;
}
