import { sessionLimits } from '@everywire/protocol';

const hourMs = 3_600_000;

/** Limits without heartbeats during a test. If a silent link is detected nevertheless, another mechanism has done so. */
export const noHeartbeats = { ...sessionLimits, heartbeatMs: hourMs, heartbeatHiddenMs: hourMs };
