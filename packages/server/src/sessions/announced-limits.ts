import type { SessionLimits } from '@everywire/protocol';
import type { ServerLimits } from '../limits.js';

/** Returns the limits that are sent to clients. */
export function announced(limits: ServerLimits): SessionLimits {
  const { messageBytesMax, batchMessagesMax, batchBytesMax, up, down, heartbeatMs, heartbeatHiddenMs } = limits;
  return { messageBytesMax, batchMessagesMax, batchBytesMax, up, down, heartbeatMs, heartbeatHiddenMs };
}
