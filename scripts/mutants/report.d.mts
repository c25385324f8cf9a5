export function countOutcomes(
  results: readonly { readonly outcome: string }[],
): Readonly<Record<string, number>> & { readonly sum: number; readonly score: number };
