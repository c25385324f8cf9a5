import { StoreError } from '@everywire/chat';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WriteHealth } from './write-health.js';

// Tests `WriteHealth`, which reports whether a store can write, for the operator and the readiness check. `probe` is a
// small commit that is repeated while writes fail.

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** An error of PostgreSQL with this code, such as 53100 (disk full). */
function refusal(code: string): pg.DatabaseError {
  const error = new pg.DatabaseError(`refused with ${code}`, 0, 'error');
  error.code = code;
  return error;
}

describe('the health of writes', () => {
  it('the health of writes fails when commits cannot be written, and a small probe commit detects the recovery', async () => {
    const onCommitFailed = vi.fn();
    const onDiskFull = vi.fn();
    const health = new WriteHealth({ onCommitFailed, onDiskFull });
    let isAway = true;
    const probe = vi.fn(async () => {
      if (isAway) throw new StoreError('busy', 'still away');
    });
    health.probeBy(probe);
    health.failed(new Error('ECONNREFUSED'));
    expect(health.commits).toEqual({ lastCommitOk: false, isDiskFull: false });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(probe).toHaveBeenCalledTimes(2);
    health.failed(refusal('53100'));
    expect(health.commits).toEqual({ lastCommitOk: false, isDiskFull: true });
    isAway = false;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(health.commits).toEqual({ lastCommitOk: true, isDiskFull: false });
    expect([onCommitFailed.mock.calls.length, onDiskFull.mock.calls.length]).toEqual([1, 1]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(probe).toHaveBeenCalledTimes(3);
  });

  it('the health of writes ignores defects, conflicts and failed reads', () => {
    const health = new WriteHealth();
    health.failed(refusal('42601'));
    health.failed(refusal('40P01'));
    health.readFailed(new StoreError('busy', 'too slow'));
    expect(health.commits.lastCommitOk).toBe(true);
  });

  it('the health of writes reports damage once and remembers it', () => {
    const onDamage = vi.fn();
    const health = new WriteHealth({ onDamage });
    for (let times = 0; times < 3; times += 1) health.readFailed(new StoreError('damaged', 'invalid page in block 7'));
    health.failed(refusal('XX001'));
    expect(onDamage).toHaveBeenCalledTimes(2);
    expect(health.damage).toHaveLength(2);
    expect(health.commits.lastCommitOk).toBe(true);
  });
});
