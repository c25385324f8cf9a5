interface Coverage {
  readonly checks: Readonly<
    Record<string, { readonly ms: number; readonly slowestMs: number; readonly keys: readonly string[] }>
  >;
}
export function chooseChecks(mutant: { readonly file: string; readonly key: string }, coverage: Coverage): string[];
export function withinSeconds(checks: readonly string[], coverage: Coverage, seconds: number): string[];
export function patienceFor(checks: readonly string[], coverage: Coverage): number;
