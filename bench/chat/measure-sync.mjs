import { closeSync, fdatasyncSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * What one sync costs on the disk that the benches write to: without it no rate of commits means anything.
 * Microseconds.
 */
export function measureSync() {
  const folder = fileURLToPath(new URL('../../.cache/bench/chat', import.meta.url));
  mkdirSync(folder, { recursive: true });
  const name = `${folder}/sync`;
  const file = openSync(name, 'w');
  const page = Buffer.alloc(4_096, 1);
  const took = [];
  for (let at = 0; at < 1_000; at += 1) {
    const begin = performance.now();
    // As a log that is used again: the same 4 MB over and over.
    writeSync(file, page, 0, page.length, (at % 1_000) * page.length);
    fdatasyncSync(file);
    took.push((performance.now() - begin) * 1_000);
  }
  closeSync(file);
  rmSync(name);
  took.sort((a, b) => a - b);
  return { p50Us: Math.round(took[500]), p99Us: Math.round(took[990]) };
}
