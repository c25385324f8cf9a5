/** Repeats what fetches from a registry: a network or a registry that fails for a moment fails nothing. */

const pausesMs = [5_000, 20_000];

/** Returns the first result for which `isGood(result)`, or the third. Blocks during the pauses between the attempts. */
export function tryThrice(attempt, isGood, say) {
  let result = attempt();
  for (const pauseMs of pausesMs) {
    if (isGood(result)) return result;
    say(`That failed; next attempt in ${pauseMs / 1000} s`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
    result = attempt();
  }
  return result;
}
