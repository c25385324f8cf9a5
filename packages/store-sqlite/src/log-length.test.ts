import { expect, it } from 'vitest';
import { LogLength } from './log-length.js';

const limits = { pagesMax: 1_000, heldPagesMax: 100 };

it('leaves a short log to the writer, who starts it anew in a quiet moment', () => {
  const log = new LogLength(limits);
  expect([400, 900, 30, 1_000].map((pages) => log.afterPassive(pages))).toEqual(['wait', 'wait', 'wait', 'wait']);
});

it('goes on at once above the limit, and holds the writer for the last pages alone', () => {
  const log = new LogLength(limits);
  expect([600, 1_020, 1_150, 1_210].map((pages) => log.afterPassive(pages))).toEqual([
    'wait',
    'again',
    'again',
    'restart',
  ]);
});

it('holds a writer that is faster than the disk at a quarter above the limit', () => {
  const log = new LogLength(limits);
  expect([900, 1_200, 1_500].map((pages) => log.afterPassive(pages))).toEqual(['wait', 'again', 'restart']);
});

it('does nothing for a long log that nobody writes', () => {
  const log = new LogLength(limits);
  log.afterPassive(990);
  expect(log.afterPassive(1_050)).toBe('restart');
  log.afterRestart(1_080, true);
  expect(log.afterPassive(1_080)).toBe('wait');
});

it('counts anew after the log has started anew', () => {
  const log = new LogLength(limits);
  log.afterPassive(1_050);
  log.afterRestart(1_060, true);
  expect([500, 1_010].map((pages) => log.afterPassive(pages))).toEqual(['wait', 'again']);
});

it('tries again later where a reader keeps the log', () => {
  const log = new LogLength(limits);
  log.afterPassive(990);
  expect(log.afterPassive(1_050)).toBe('restart');
  log.afterRestart(1_060, false);
  expect([1_900, 1_990, 2_040].map((pages) => log.afterPassive(pages))).toEqual(['wait', 'wait', 'restart']);
});
