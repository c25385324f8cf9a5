import type { ServerLimits } from './limits.js';

/**
 * Whether the limits can all be kept together.
 *
 * @throws RangeError naming the setting
 */
export function checkLimits(limits: ServerLimits): void {
  for (const [name, value] of Object.entries(limits)) {
    const values: readonly unknown[] = typeof value === 'object' ? Object.values(value) : [value];
    const least = MAY_BE_0.has(name) ? 0 : 1;
    require(values.every(
      (one) => Number.isSafeInteger(one) && Number(one) >= least,
    ), `limits.${name}: a whole number of at least ${least}`);
  }
  const { down, up, messageBytesMax, bufferMessagesMax, bufferBytesMax } = limits;
  require(down.bytes >= messageBytesMax &&
    up.bytes >= messageBytesMax, 'limits.down.bytes, limits.up.bytes: room for one message');
  // A session that is full was above its window before, so the end of it is heard of as `drain`.
  require(bufferMessagesMax > down.messages, 'limits.bufferMessagesMax: more than limits.down.messages');
  require(bufferBytesMax > down.bytes + messageBytesMax, 'limits.bufferBytesMax: more than a window and one message');
  // Else one who gets a whole history could be ended by the next message, come again, and get the same for ever.
  require(limits.rawWaitingBytesMax >=
    limits.historyBytesMax * 2, 'limits.rawWaitingBytesMax: twice limits.historyBytesMax');
  require(limits.bodyBytesPerAddressMax >= limits.bodyBytesMax, 'limits.bodyBytesPerAddressMax: room for one body');
  require(limits.bodyBytesMax > limits.messageBytesMax, 'limits.bodyBytesMax: more than limits.messageBytesMax');
}

/** Settings of the http server that are left alone by 0, and a number that may be none. */
const MAY_BE_0: ReadonlySet<string> = new Set([
  ...['headersTimeoutMs', 'keepAliveMs', 'connectionsMax', 'connectionsPerAddressMax'],
  'pipelinedRequestsMax',
  'recordingsMax',
]);

function require(holds: boolean, rule: string): void {
  if (!holds) throw new RangeError(rule);
}
