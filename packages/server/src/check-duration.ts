/**
 * The longest time of Node's and browsers' own timers in milliseconds, 24.8 days. They fire immediately instead of waiting
 * longer.
 */
export const TIMER_MS_MAX: number = 2 ** 31 - 1;

/**
 * Returns a duration of an option. It may be `Infinity`, because the timer wheel waits for any time.
 *
 * @param name the option in the error
 * @throws RangeError unless it is a number of at least `leastMs`
 */
export function checkDuration(name: string, ms: number, leastMs = 0): number {
  if (typeof ms === 'number' && ms >= leastMs) return ms;
  throw new RangeError(`${name}: ${String(ms)} is not a number of milliseconds of at least ${leastMs}`);
}
