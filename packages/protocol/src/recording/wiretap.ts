/** Any method of an object that is listened to. */
type Method = (...given: never[]) => unknown;

/** Called in place of a method; `call` does what the method does. */
export type Listener = (given: readonly unknown[], call: () => unknown) => unknown;

/**
 * Puts a listener before methods of one object, and of no other of its class: who is not listened to has not a field and not a
 * branch more for it.
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
