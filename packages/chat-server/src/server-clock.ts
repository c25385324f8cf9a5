import { uptime } from 'node:os';
import type { ChatServerLimits } from './limits.js';
import type { Logger } from './logger.js';
import { type ClockSources, SteadyClock } from './steady-clock.js';

/** The clocks of a server, in milliseconds since the epoch. `wallNow`, `usedNow` and `systemNow` differ after a jump of the system clock, see `SteadyClock`. */
export interface ServerClock {
  /** For stored times and expiry. */
  readonly wallNow: () => number;
  /** For judging whether sign-ins are unused. */
  readonly usedNow: () => number;
  /** For values that others compare with their own clocks: signed tokens and codes of the second factor. */
  readonly systemNow: () => number;
  /** For rate limits: milliseconds since any fixed moment. Never set. */
  readonly elapsedNow: () => number;
}

const machineClocks: ClockSources = {
  system: Date.now,
  elapsed: () => performance.now(),
  sinceBoot: () => uptime() * 1_000,
};

/**
 * Creates the server's clocks: a `SteadyClock` over the machine's clocks, or `wallNow` if given, which is trusted
 * without checks.
 */
export function createServerClock({
  wallNow,
  sources = machineClocks,
  lastWrittenAt = null,
  limits,
  log,
}: {
  readonly wallNow?: (() => number) | undefined;
  readonly sources?: ClockSources | undefined;
  readonly lastWrittenAt?: number | null | undefined;
  readonly limits: ChatServerLimits;
  readonly log: Logger;
}): ServerClock {
  if (wallNow !== undefined) return { wallNow, usedNow: wallNow, systemNow: wallNow, elapsedNow: wallNow };
  const clock = new SteadyClock({ sources, limits, lastWrittenAt, warn: (line) => log.warn(line) });
  return {
    wallNow: () => clock.now(),
    usedNow: () => clock.usedNow(),
    systemNow: sources.system,
    elapsedNow: sources.elapsed,
  };
}
