/** Reserved event names. They must not be sent, because a client that receives one disconnects. */
const RESERVED: ReadonlySet<unknown> = new Set([
  'connect',
  'connect_error',
  'disconnect',
  'disconnecting',
  'newListener',
  'removeListener',
]);

/** Returns whether a value is an array that begins with a valid event name. */
export function isEvent(value: unknown): value is readonly [string, ...unknown[]] {
  return Array.isArray(value) && typeof value[0] === 'string' && !RESERVED.has(value[0]);
}

/** Checks the name of an event to be sent. @throws TypeError for a reserved name */
export function checkEventName(name: string): void {
  if (!isEvent([name])) throw new TypeError(`emit: ${JSON.stringify(name)} is not a name that an event may have`);
}
