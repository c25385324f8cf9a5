import { afterEach, beforeEach, expect } from 'vitest';

// Functions of an application that fail, for tests which show that such a failure is the affair of one call or session.

/** A function that fails in one way, whatever it is called with. */
export type Failing = (...values: unknown[]) => never;

const later = (): Promise<never> => new Promise((_, reject) => setImmediate(() => reject(new Error('failed later'))));

/** Ways in which a function can fail: all that JavaScript allows, and not only an `Error`. */
export const waysToFail: Readonly<Record<string, Failing>> = {
  throws: () => {
    throw new Error('thrown');
  },
  'throws an object that has no text': () => {
    throw Object.create(null);
  },
  'throws an error that cannot be read': () => {
    throw new Proxy(new Error('hidden'), {
      get: () => {
        throw new Error('unreadable');
      },
    });
  },
  'throws an object whose class cannot be read': () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    throw proxy;
  },
  'is rejected': (async () => {
    throw new Error('rejected');
  }) as unknown as Failing,
  'is rejected later': later as unknown as Failing,
  'is rejected with nothing': (() => Promise.reject()) as unknown as Failing,
  'returns a foreign promise that is rejected twice': (() => ({
    // biome-ignore lint/suspicious/noThenProperty: such objects exist, for example query builders.
    then: (_: unknown, reject?: (error: Error) => void) => {
      reject?.(new Error('once'));
      reject?.(new Error('twice'));
    },
  })) as unknown as Failing,
  'returns a promise whose `then` throws': (() => ({
    // biome-ignore lint/suspicious/noThenProperty: as above.
    get then() {
      throw new Error('no then');
    },
  })) as unknown as Failing,
};

/** The functions of a type, each of which needs a case: a new one does not compile without it. */
export type CasePerFunction<Type, Case> = {
  readonly [Key in keyof Type as NonNullable<Type[Key]> extends (...values: never[]) => unknown ? Key : never]-?: Case;
};

/** The handlers of a type (`on…`), each of which needs a case. */
export type CasePerHandler<Type, Case> = {
  readonly [Key in keyof Type as Key extends `on${string}`
    ? Key extends 'on' | 'once' | 'off'
      ? never
      : Key
    : never]-?: Case;
};

/** Fails a test during which an error reached the process, where it would end a server. */
export function failOnUncaught(): void {
  const uncaught: unknown[] = [];
  const note = (error: unknown): void => void uncaught.push(error);
  beforeEach(() => {
    uncaught.splice(0);
    process.on('uncaughtException', note);
    process.on('unhandledRejection', note);
  });
  afterEach(async () => {
    // Node reports a rejection that nobody handles after the microtasks of its tick.
    await new Promise((resolve) => setImmediate(resolve));
    process.off('uncaughtException', note);
    process.off('unhandledRejection', note);
    expect(uncaught).toEqual([]);
  });
}
