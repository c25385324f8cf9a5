/**
 * Whether a value can be awaited: a promise of any class or realm, or a query builder with `then`. Not `instanceof
 * Promise`, which is false for the promises of bluebird, zone.js or another realm. @throws what reading `then` throws
 */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}

/**
 * Calls a function of the application. An error, thrown now or by a promise later, goes to `onFailed`, which must not
 * throw.
 */
export function callGuarded(call: () => unknown, onFailed: (error: unknown) => void): void {
  try {
    const result = call();
    // `resolve` adopts a foreign promise, which might call back twice.
    if (isThenable(result)) Promise.resolve(result).then(undefined, onFailed);
  } catch (error) {
    onFailed(error);
  }
}

/**
 * Calls a function of the application whose answer is needed now.
 *
 * @throws what the function throws; TypeError if it returns a promise, whose rejection is ignored
 */
export function callNow<Answer>(name: string, call: () => Answer): Answer {
  const answer = call();
  if (!isThenable(answer)) return answer;
  Promise.resolve(answer).then(undefined, () => undefined);
  throw new TypeError(`${name} must not return a promise`);
}
