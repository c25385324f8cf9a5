import type { SessionLimits } from '@everywire/protocol';
import type { ServerLimits } from '../limits.js';

/** Only what a client is told: what else is limited is no affair of its. */
export function announced(limits: ServerLimits): SessionLimits {
  const { messageBytesMax, batchMessagesMax, batchBytesMax, up, down, heartbeatMs, heartbeatHiddenMs } = limits;
  return { messageBytesMax, batchMessagesMax, batchBytesMax, up, down, heartbeatMs, heartbeatHiddenMs };
}
