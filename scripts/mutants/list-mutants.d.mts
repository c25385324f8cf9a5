export interface Mutant {
  readonly id: string;
  readonly key: string;
  readonly file: string;
  readonly line: number;
  readonly mutator: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly original: string;
  readonly replacement: string;
}
export function listMutants(
  file: string,
  content: string,
): Promise<{ readonly mutants: readonly Mutant[]; readonly instrumented: string }>;
export function mutate(content: string, mutant: Pick<Mutant, 'start' | 'end' | 'mutator' | 'replacement'>): string;
