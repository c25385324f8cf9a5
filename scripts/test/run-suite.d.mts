export type Lane = 'quick' | 'all' | 'long';
export interface Suite {
  readonly name: string;
  readonly vitest?: readonly string[];
  readonly node?: readonly string[];
  /** Files and folders that it depends on, from the root. */
  readonly reads?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly wide?: boolean;
  readonly deterministic?: boolean;
}
export interface SuiteResult {
  readonly suite: string;
  readonly deterministic: boolean;
  readonly hung: boolean;
  readonly passed: number;
  readonly failed: number;
  readonly tests: readonly { readonly file: string; readonly name: string; readonly passed: boolean }[];
  readonly failures: readonly { readonly file: string; readonly name: string; readonly problems: readonly string[] }[];
}
export function suiteArguments(suite: Suite, lane: Lane): readonly string[] | null;
export function runSuite(run: {
  readonly suite: Suite;
  readonly args: readonly string[];
  readonly lane: Lane;
  readonly deadlineSeconds: number;
  readonly logName?: string;
}): Promise<SuiteResult>;
