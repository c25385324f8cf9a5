/** Keeps the counts of a lane, so that CI can print one sum for `npm test` and for what it leaves out. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../.cache/test/', import.meta.url));
const fileOf = (lane) => `${folder}${lane}-counts.json`;

/** @param {{ passed: number, failed: number }} counts */
export function keepCounts(lane, counts) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(fileOf(lane), JSON.stringify(counts));
}

/** Removes the counts of an earlier run, so that a lane that crashes keeps none. */
export function dropCounts(lane) {
  rmSync(fileOf(lane), { force: true });
}

/** Returns the counts that a lane kept, once. A lane that kept none was not run to its end, which is one failure. */
export function takeCounts(lane) {
  try {
    const counts = JSON.parse(readFileSync(fileOf(lane), 'utf8'));
    rmSync(fileOf(lane));
    return counts;
  } catch (cause) {
    console.error(`npm test has kept no counts, so it crashed or was not run: ${cause.message}`);
    return { passed: 0, failed: 1 };
  }
}
