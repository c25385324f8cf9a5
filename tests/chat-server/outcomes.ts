/** Returns the outcome of each key. A test then compares all of them at once, so that one failure does not hide others. */
export async function outcomesOf<K extends string, O>(
  keys: readonly K[],
  outcomeOf: (key: K) => Promise<O>,
): Promise<Record<K, O>> {
  const outcomes = {} as Record<K, O>;
  for (const key of keys) outcomes[key] = await outcomeOf(key);
  return outcomes;
}
