/**
 * Returns the name and the stack of an error, without its message, so that no payload reaches a log: the message of an
 * error of `JSON.parse`, for example, quotes the parsed text.
 */
export function errorLocation(error: unknown): string {
  try {
    const { name, stack } = error as Partial<Error>;
    if (typeof stack !== 'string') return typeof error;
    const frames = stack.split('\n').filter((line) => line.startsWith('    at '));
    return [name, ...frames].join('\n');
  } catch {
    // `null`, or a property that throws: the application may throw any value.
    return typeof error;
  }
}

/** Returns the error with its message, for errors of adapters, whose messages hold no payload. Never throws. */
export function errorText(error: unknown): string {
  try {
    return String(error);
  } catch {
    return typeof error;
  }
}

/** Whether an error is of this class of ours. Never throws, unlike `instanceof` for a revoked `Proxy` of the application. */
export function isOurs<Ours extends Error>(error: unknown, ours: new (...values: never[]) => Ours): error is Ours {
  try {
    return error instanceof ours;
  } catch {
    return false;
  }
}
