/** Returns the name and stack of an error, without its message: that of `JSON.parse` quotes its input, which is a payload. */
export function errorLocation(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  return [error.name, ...frames].join('\n');
}
