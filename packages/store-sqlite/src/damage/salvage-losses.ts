/** What a copy of a damaged store lacks, except messages. */
export interface SalvageLosses {
  /** Ids of lost accounts that the copy still refers to. They cannot sign in, and their ids are not reused. */
  readonly accounts: readonly number[];
  /** Ids of lost conversations that were restored from their members and messages. */
  readonly conversations: readonly number[];
}

/** Returns lines for an operator; an empty list if nothing is lacking. */
export function describeGivenUp({ accounts, conversations }: SalvageLosses): readonly string[] {
  return [
    ...(accounts.length === 0 ? [] : [`accounts, by number: ${formatRuns(accounts)}`]),
    ...(conversations.length === 0
      ? []
      : [`names and settings of conversations, by number: ${formatRuns(conversations)}`]),
  ];
}

/** Formats ascending numbers as `3, 7-9`. */
function formatRuns(numbers: readonly number[]): string {
  const runs: [low: number, high: number][] = [];
  for (const each of numbers) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] + 1 === each) last[1] = each;
    else runs.push([each, each]);
  }
  return runs.map(([low, high]) => (low === high ? `${low}` : `${low}-${high}`)).join(', ');
}
