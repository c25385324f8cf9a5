/** Repeats what fetches from a registry: a network or a registry that fails for a moment fails nothing. */
import { setTimeout as delay } from 'node:timers/promises';

const pausesMs = [5_000, 20_000];

/** Returns the first result for which `isGood(result)`, or the third. `reasonOf` says in a few words why a result is bad. */
export async function tryThrice({ attempt, isGood, reasonOf = () => '', say }) {
  let result = await attempt();
  for (const pauseMs of pausesMs) {
    if (isGood(result)) return result;
    const reason = reasonOf(result);
    say(`That failed${reason && ` (${reason})`}; next attempt in ${pauseMs / 1000} s`);
    await delay(pauseMs);
    result = await attempt();
  }
  return result;
}
