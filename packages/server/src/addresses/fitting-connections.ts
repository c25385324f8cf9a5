import { readFileSync } from 'node:fs';

/** Descriptors that are left for files and connections outwards. */
const SPARE_DESCRIPTORS = 64;
const SHARE_OF_DESCRIPTORS = 0.9;

/** What the process may have open, less what it needs for itself; `null` where nothing says how much that is. */
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
