/**
 * Returns the name and the stack of an error, without its message, so that no payload reaches a log: the message of an
 * error of `JSON.parse`, for example, quotes the parsed text.
 */
export function errorLocation(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  return [error.name, ...frames].join('\n');
}
