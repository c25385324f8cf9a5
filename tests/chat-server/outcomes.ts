/** What each of them got, all gathered before any is compared, so that the first who fails hides none of the others. */
export async function outcomesOf<K extends string, O>(
  keys: readonly K[],
  outcomeOf: (key: K) => Promise<O>,
): Promise<Record<K, O>> {
  const outcomes = {} as Record<K, O>;
  for (const key of keys) outcomes[key] = await outcomeOf(key);
  return outcomes;
}
