import { sessionLimits } from '@everywire/protocol';

const hourMs = 3_600_000;

/**
 * Heartbeats so rare that none falls into a test: whatever detects a silent link before the test's deadline is
 * something else.
 */
export const noHeartbeats = { ...sessionLimits, heartbeatMs: hourMs, heartbeatHiddenMs: hourMs };
