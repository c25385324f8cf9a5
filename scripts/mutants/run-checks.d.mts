export function runChecks(
  path: string,
  checks: readonly string[],
  options: {
    readonly patienceMs: number;
    readonly stopAtFailure: boolean;
    readonly env?: Readonly<Record<string, string>>;
  },
): Promise<{
  readonly outcome: 'passed' | 'failed' | 'timeout';
  readonly by: string | null;
  readonly checks: Readonly<Record<string, { readonly failed: boolean }>>;
}>;
