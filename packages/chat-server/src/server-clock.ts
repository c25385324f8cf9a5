import { uptime } from 'node:os';
import type { ChatServerLimits } from './limits.js';
import type { Log } from './log.js';
import { type ClockSources, PlaceClock } from './place-clock.js';

/** The times that the parts of a server go by, milliseconds since the epoch. */
export interface ServerClock {
  /** Of all that is stored, and of what expires. */
  readonly wallNow: () => number;
  /** As of when sign-ins are judged unused. */
  readonly usedNow: () => number;
  /** Of what others compare with their own clocks: signed tokens and codes of the second factor. */
  readonly systemNow: () => number;
}

const machineClocks: ClockSources = {
  system: Date.now,
  elapsed: () => performance.now(),
  sinceBoot: () => uptime() * 1_000,
};

/** The machine's clocks behind a `PlaceClock`, or `wallNow` alone, which is believed as it is. */
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
  readonly log: Log;
}): ServerClock {
  if (wallNow !== undefined) return { wallNow, usedNow: wallNow, systemNow: wallNow };
  const clock = new PlaceClock({ sources, limits, lastWrittenAt, warn: (line) => log.warn(line) });
  return { wallNow: () => clock.now(), usedNow: () => clock.usedNow(), systemNow: sources.system };
}
