import type { ServerLimits } from './limits.js';

/**
 * Checks that the limits are consistent.
 *
 * @throws RangeError naming the setting
 */
export function checkLimits(limits: ServerLimits): void {
  for (const [name, value] of Object.entries(limits)) {
    const values: readonly unknown[] = typeof value === 'object' ? Object.values(value) : [value];
    const least = MAY_BE_0.has(name) ? 0 : 1;
    require(values.every(
      (one) => Number.isSafeInteger(one) && Number(one) >= least,
    ), `limits.${name}: must be a whole number of at least ${least}`);
  }
  const { down, up, messageBytesMax, bufferMessagesMax, bufferBytesMax } = limits;
  require(down.bytes >= messageBytesMax &&
    up.bytes >= messageBytesMax, 'limits.down.bytes, limits.up.bytes: must be at least limits.messageBytesMax');
  // A full session was above its window before, so `drain` follows when it is no longer full.
  require(bufferMessagesMax > down.messages, 'limits.bufferMessagesMax: must be more than limits.down.messages');
  require(bufferBytesMax >
    down.bytes +
      messageBytesMax, 'limits.bufferBytesMax: must be more than limits.down.bytes plus limits.messageBytesMax');
  // Otherwise a client that gets a whole history could be ended by the next message, reconnect, and get the same again forever.
  require(limits.rawWaitingBytesMax >=
    limits.historyBytesMax * 2, 'limits.rawWaitingBytesMax: must be at least twice limits.historyBytesMax');
  require(limits.bodyBytesPerAddressMax >=
    limits.bodyBytesMax, 'limits.bodyBytesPerAddressMax: must be at least limits.bodyBytesMax');
  require(limits.bodyBytesMax >
    limits.messageBytesMax, 'limits.bodyBytesMax: must be more than limits.messageBytesMax');
}

/** Settings for which 0 keeps the http server's value, and a count that may be 0. */
const MAY_BE_0: ReadonlySet<string> = new Set([
  ...['headersTimeoutMs', 'keepAliveMs', 'connectionsMax', 'connectionsPerAddressMax'],
  'pipelinedRequestsMax',
  'recordingsMax',
]);

function require(holds: boolean, rule: string): void {
  if (!holds) throw new RangeError(rule);
}
