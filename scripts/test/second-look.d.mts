import type { SuiteResult } from './run-suite.mjs';

export interface Flaky {
  readonly suite: string;
  readonly file: string;
  readonly name: string;
  readonly problems: readonly string[];
}
export function lookAgain(run: {
  readonly results: readonly SuiteResult[];
  readonly repeat: (entry: { readonly suite: string; readonly file: string | null }) => Promise<SuiteResult>;
  readonly elapsedSeconds: () => number;
  readonly say?: (line: string) => void;
}): Promise<{ readonly results: readonly SuiteResult[]; readonly flaky: readonly Flaky[] }>;
