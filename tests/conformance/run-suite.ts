import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { CheckResult } from '../../packages/conformance/src/index.js';
import { type BuiltInFault, withFault } from '../mutation.js';

/**
 * Runs the suite against our server, with this fault in its sources, in a process of its own.
 *
 * @param waitMsMax skips checks that wait longer
 * @throws Error if the fault no longer fits the source, and must be moved
 */
export function runSuite(fault: BuiltInFault, waitMsMax = Number.POSITIVE_INFINITY): Promise<readonly CheckResult[]> {
  return withFault(fault, 'tests/conformance/main.ts', async (program) => {
    const { stdout } = await promisify(execFile)(process.execPath, [program, String(waitMsMax)], {
      maxBuffer: 1 << 24,
      timeout: 100_000,
    });
    return JSON.parse(stdout) as readonly CheckResult[];
  });
}
