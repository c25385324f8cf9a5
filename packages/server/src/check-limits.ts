import type { ServerLimits } from './limits.js';

/**
 * Checks that the limits are consistent.
 *
 * @throws RangeError that names the invalid setting
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
  // A session is then above its window before its buffer is full, so `drain` is reported once there is room again.
  require(bufferMessagesMax > down.messages, 'limits.bufferMessagesMax: must be more than limits.down.messages');
  require(bufferBytesMax >
    down.bytes +
      messageBytesMax, 'limits.bufferBytesMax: must be more than limits.down.bytes plus limits.messageBytesMax');
  // With a lower limit, the next message could end a client that just got a whole history. The client would reconnect,
  // get the same history again, and so on forever.
  require(limits.rawWaitingBytesMax >=
    limits.historyBytesMax * 2, 'limits.rawWaitingBytesMax: must be at least twice limits.historyBytesMax');
  require(limits.bodyBytesPerAddressMax >=
    limits.bodyBytesMax, 'limits.bodyBytesPerAddressMax: must be at least limits.bodyBytesMax');
  require(limits.bodyBytesMax >
    limits.messageBytesMax, 'limits.bodyBytesMax: must be more than limits.messageBytesMax');
}

/**
 * Settings that may be 0. For most of them, 0 keeps the setting of the http server; for the others, it is a valid
 * number.
 */
const MAY_BE_0: ReadonlySet<string> = new Set([
  ...['headersTimeoutMs', 'keepAliveMs', 'connectionsMax', 'connectionsPerAddressMax'],
  'pipelinedRequestsMax',
  'recordingsMax',
]);

function require(holds: boolean, rule: string): void {
  if (!holds) throw new RangeError(rule);
}
