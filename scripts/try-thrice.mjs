/** Retries requests to a registry, so that a short failure of the network or the registry is harmless. */
import { setTimeout as delay } from 'node:timers/promises';

const pausesMs = [5_000, 20_000];

/**
 * Returns the first result that satisfies `isGood`, or the third result. `reasonOf` returns a short reason for a bad
 * result.
 */
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
