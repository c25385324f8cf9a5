/** Collects the outcome of each key before any comparison, so that the first failure does not hide the others. */
export async function outcomesOf<K extends string, O>(
  keys: readonly K[],
  outcomeOf: (key: K) => Promise<O>,
): Promise<Record<K, O>> {
  const outcomes = {} as Record<K, O>;
  for (const key of keys) outcomes[key] = await outcomeOf(key);
  return outcomes;
}
