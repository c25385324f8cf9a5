import { expect, it } from 'vitest';
import { LogLength } from './log-length.js';

// Tests `LogLength`, which decides after each checkpoint what to do about the length of the write-ahead log, in pages:
// wait, checkpoint again, or hold the writer so that the log can restart.

const limits = { pagesMax: 1_000, heldPagesMax: 100 };

it('a short log is left to restart when the writer pauses', () => {
  const log = new LogLength(limits);
  expect([400, 900, 30, 1_000].map((pages) => log.afterPassive(pages))).toEqual(['wait', 'wait', 'wait', 'wait']);
});

it('above the limit, checkpoints repeat immediately and hold the writer only for the last pages', () => {
  const log = new LogLength(limits);
  expect([600, 1_020, 1_150, 1_210].map((pages) => log.afterPassive(pages))).toEqual([
    'wait',
    'again',
    'again',
    'restart',
  ]);
});

it('a writer faster than the disk is held at a quarter above the limit', () => {
  const log = new LogLength(limits);
  expect([900, 1_200, 1_500].map((pages) => log.afterPassive(pages))).toEqual(['wait', 'again', 'restart']);
});

it('a long log without writes is left alone', () => {
  const log = new LogLength(limits);
  log.afterPassive(990);
  expect(log.afterPassive(1_050)).toBe('restart');
  log.afterRestart(1_080, true);
  expect(log.afterPassive(1_080)).toBe('wait');
});

it('the length counts from zero after the log restarted', () => {
  const log = new LogLength(limits);
  log.afterPassive(1_050);
  log.afterRestart(1_060, true);
  expect([500, 1_010].map((pages) => log.afterPassive(pages))).toEqual(['wait', 'again']);
});

it('a restart prevented by a reader is retried later', () => {
  const log = new LogLength(limits);
  log.afterPassive(990);
  expect(log.afterPassive(1_050)).toBe('restart');
  log.afterRestart(1_060, false);
  expect([1_900, 1_990, 2_040].map((pages) => log.afterPassive(pages))).toEqual(['wait', 'wait', 'restart']);
});
