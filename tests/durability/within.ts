/**
 * Awaits `promise`. After `ms` milliseconds, rejects with the name of the wait and the current state, so that a hang
 * explains itself.
 */
export async function within<T>(ms: number, what: string, promise: Promise<T>, state: () => string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took more than ${ms} ms:\n${state()}`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
