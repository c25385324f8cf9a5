/** Names that an event may not have: clients refuse a packet with one of them, and disconnect. */
const RESERVED: ReadonlySet<unknown> = new Set([
  'connect',
  'connect_error',
  'disconnect',
  'disconnecting',
  'newListener',
  'removeListener',
]);

/** Whether it is an array that begins with a name an event may have. */
export function isEvent(value: unknown): value is readonly [string, ...unknown[]] {
  return Array.isArray(value) && typeof value[0] === 'string' && !RESERVED.has(value[0]);
}

/** @throws TypeError for a name that an event may not have */
export function checkEventName(name: string): void {
  if (!isEvent([name])) throw new TypeError(`emit: ${JSON.stringify(name)} is not a name that an event may have`);
}
