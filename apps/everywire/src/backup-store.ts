/** Explains to the operator why a command failed: one line, or a list of damaged parts. */
export class CommandError extends Error {}

interface CopiedStore {
  /** One line for each damaged part of the store. */
  readonly damage: readonly string[];
  /** One line for each thing other than messages that the copy lacks. */
  readonly lacks: readonly string[];
}

/** Copies and restores the store that the settings name. */
export interface BackupStore {
  /** The name of the store in sentences. */
  readonly name: string;
  /** The file name of the copy in a backup directory. */
  readonly fileName: string;
  /** Checks that there is a store. @throws CommandError if there is nothing to back up */
  requireSource(): void;
  /** Copies a snapshot of the store while servers keep running. */
  copyTo(file: string): Promise<CopiedStore>;
  /** Checks that a restore overwrites nothing. @throws Error otherwise */
  requireTarget(): Promise<void>;
  /** Restores a copy; returns one line for each damaged part. */
  restoreFrom(file: string, options: { readonly keepSignIns: boolean }): Promise<readonly string[]>;
}
