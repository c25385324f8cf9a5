import { knownOptions } from '@everywire/protocol/internal';
import { TIMER_MS_MAX } from './check-duration.js';
import { defaultServerLimits, type ServerLimits } from './limits.js';

/**
 * Returns the limits with their defaults.
 *
 * @throws TypeError for an unknown name, RangeError as `checkLimits`
 */
export function limitsOf(given: Partial<ServerLimits> = {}): ServerLimits {
  const limits = { ...defaultServerLimits, ...knownOptions('limits.', given, defaultServerLimits) };
  for (const way of ['up', 'down'] as const) knownOptions(`limits.${way}.`, limits[way], defaultServerLimits[way]);
  checkLimits(limits);
  return limits;
}

/**
 * Checks that the limits are consistent.
 *
 * @throws RangeError that names the invalid limit
 */
function checkLimits(limits: ServerLimits): void {
  for (const [name, value] of Object.entries(limits)) {
    const most = TIMED_BY_NODE.get(name) ?? Number.MAX_SAFE_INTEGER;
    const values: readonly unknown[] = typeof value === 'object' ? Object.values(value) : [value];
    const least = MAY_BE_0.has(name) ? 0 : 1;
    require(values.every(
      (one) => Number.isSafeInteger(one) && Number(one) >= least && Number(one) <= most,
    ), `limits.${name}: must be a whole number from ${least} to ${most}`);
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
 * Maximum milliseconds of the limits that timers of Node wait for. Node adds a second to `keepAliveMs`, and the timer wheel sleeps for up
 * to 20 ticks. All others are waited for by the wheel, at any length.
 */
const TIMED_BY_NODE: ReadonlyMap<string, number> = new Map([
  ['headersTimeoutMs', TIMER_MS_MAX],
  ['keepAliveMs', TIMER_MS_MAX - 1_000],
  ['tickMs', Math.floor(TIMER_MS_MAX / 21)],
]);

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
