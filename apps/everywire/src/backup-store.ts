/** What cannot be done and why, for whoever typed the command: one line, or a list of what is damaged. */
export class CommandError extends Error {}

interface CopiedStore {
  /** One line for each damaged part of the store. */
  readonly damage: readonly string[];
  /** What the copy lacks besides messages, one line for each. */
  readonly lacks: readonly string[];
}

/** How the store that the settings name is copied and made anew. */
export interface BackupStore {
  /** Of a person's sentence. */
  readonly name: string;
  /** Of the copy, in the directory of a backup. */
  readonly fileName: string;
  /** @throws CommandError where there is nothing to back up */
  requireSource(): void;
  /** Copies the store as it is at one moment, while servers go on. */
  copyTo(file: string): Promise<CopiedStore>;
  /** @throws Error where a restore would replace something */
  requireTarget(): Promise<void>;
  /** Answers one line for each damaged part of what was restored. */
  restoreFrom(file: string, options: { readonly keepSignIns: boolean }): Promise<readonly string[]>;
}
