/** What a copy of a damaged store lacks, besides messages. */
export interface GivenUp {
  /** Ids of lost accounts that something in the copy still names. Nobody can sign in to them, and nobody gets their ids. */
  readonly accounts: readonly number[];
  /** Ids of lost conversations, which were restored from their members and messages. */
  readonly conversations: readonly number[];
}

/** Lines for an operator; none where nothing was given up. */
export function describeGivenUp({ accounts, conversations }: GivenUp): readonly string[] {
  return [
    ...(accounts.length === 0 ? [] : [`accounts, by number: ${formatRuns(accounts)}`]),
    ...(conversations.length === 0
      ? []
      : [`names and settings of conversations, by number: ${formatRuns(conversations)}`]),
  ];
}

/** Rising numbers, as `3, 7-9`. */
function formatRuns(numbers: readonly number[]): string {
  const runs: [low: number, high: number][] = [];
  for (const each of numbers) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] + 1 === each) last[1] = each;
    else runs.push([each, each]);
  }
  return runs.map(([low, high]) => (low === high ? `${low}` : `${low}-${high}`)).join(', ');
}
