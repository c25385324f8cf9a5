import type { Lane, Suite, SuiteResult } from './run-suite.mjs';

export const always: readonly string[];
type Reading = Pick<Suite, 'name' | 'reads'>;
export function digestOf(suite: Reading): string;
export function chooseChanged<S extends Reading>(
  suites: readonly S[],
  lane: Lane,
  file?: string,
): { readonly changed: readonly S[]; readonly unchanged: readonly string[] };
export function keepPassed(
  digests: ReadonlyMap<string, string>,
  results: readonly Pick<SuiteResult, 'suite' | 'failed'>[],
  lane: Lane,
  file?: string,
): void;
