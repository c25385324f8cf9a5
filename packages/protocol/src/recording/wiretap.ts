/** Any method that can be intercepted. */
type Method = (...given: never[]) => unknown;

/** Called in place of a method. `call` calls the original method. */
export type Listener = (given: readonly unknown[], call: () => unknown) => unknown;

/**
 * Intercepts methods of one object only. Other objects of its class are not changed, so that recording costs them
 * neither a field nor a branch.
 */
export function listen<T extends object>(
  target: T,
  names: readonly (keyof T & string)[],
  createListener: (name: string) => Listener,
): void {
  for (const name of names) {
    const method = target[name] as Method | undefined;
    if (method === undefined) continue;
    const listener = createListener(name);
    const heard = (...given: never[]): unknown => listener(given, () => method.apply(target, given));
    Object.defineProperty(target, name, { value: heard, configurable: true, writable: true });
  }
}
