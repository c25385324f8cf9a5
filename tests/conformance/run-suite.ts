import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { CheckResult } from '../../packages/conformance/src/index.js';
import { type BuiltInFault, withFault } from '../mutation.js';

/**
 * Runs the conformance suite against our server with this fault in its source, in a separate process. Skips checks that
 * wait longer than `waitMsMax` milliseconds.
 *
 * @throws Error if the fault no longer fits the source and must be adapted
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
