interface Named {
  readonly file: string;
  readonly text: string;
  readonly original: string;
  readonly replacement: string;
}
export interface EquivalentRecord extends Named {
  readonly reason: string;
}
export function recordOf(mutant: Named, records: readonly EquivalentRecord[]): EquivalentRecord | undefined;
export function staleRecords(
  records: readonly EquivalentRecord[],
  mutants: readonly Named[],
  mutatedFile: (file: string) => boolean,
): EquivalentRecord[];
