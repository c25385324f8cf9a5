import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { storeEvents } from './store-events.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a failing disk is logged once with the code of SQLite, and once when writing works again', () => {
  const lines: string[] = [];
  const health = { lastCommitOk: false, isDiskFull: false };
  const note = (line: string): void => void lines.push(line);
  const log = { debug: note, info: note, warn: note, error: note };
  const events = storeEvents({ name: '/data/everywire.sqlite', disk: 'The disk', remedy: 'Look' }, log, () => health);
  for (let times = 0; times < 50; times += 1) {
    events.onCommitFailed('SQLITE_IOERR_WRITE');
    vi.advanceTimersByTime(5_000);
  }
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^store_failing: .*everywire\.sqlite cannot be written \(SQLITE_IOERR_WRITE\)/);
  health.lastCommitOk = true;
  vi.advanceTimersByTime(70_000);
  expect(lines.map((line) => line.split(':')[0])).toEqual(['store_failing', 'store_failing_over']);
});
