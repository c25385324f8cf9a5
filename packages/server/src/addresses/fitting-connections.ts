import { readFileSync } from 'node:fs';

/** Descriptors reserved for files and outgoing connections. */
const SPARE_DESCRIPTORS = 64;
const SHARE_OF_DESCRIPTORS = 0.9;

/** Returns how many connections the process may have open, without its own descriptors; `null` if the limit is unknown. */
export function fittingConnections(): number | null {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1')) ?? [];
    if (soft === undefined) return null;
    const files = Number(soft);
    return Math.max(1, Math.floor(Math.min(files * SHARE_OF_DESCRIPTORS, files - SPARE_DESCRIPTORS)));
  } catch {
    return null;
  }
}
