import { describe, expect, it } from 'vitest';
import { coreLimits } from './core-limits.js';
import { LogCache } from './log-cache.js';
import { pageOf } from './test-wire.js';

// Tests `LogCache`, the logs (held messages) of the conversations that are or were open.

const head = { sequence: 9, modification: 0 };

describe('LogCache', () => {
  it('the read cursor at opening is kept as long as the conversation stays open', () => {
    const logCache = new LogCache(coreLimits);
    expect(logCache.open(7, 4).readAtOpening).toBe(4);
    expect(logCache.open(7, 9).readAtOpening).toBe(4);
    logCache.close(7);
    logCache.close(7);
    expect(logCache.open(7, 9).readAtOpening).toBe(9);
    logCache.open(8, null);
    logCache.noteRead(8, 3);
    logCache.noteRead(8, 5);
    expect([logCache.get(8)?.readAtOpening, logCache.openConversations()]).toEqual([3, [7, 8]]);
  });

  it('[CH-11.6] dropping a log gives an open conversation a new cachedLog and removes a closed one', () => {
    const logCache = new LogCache(coreLimits);
    const before = logCache.open(7, 0);
    before.log.applyPage(pageOf(1, 9, head));
    const after = logCache.drop(7);
    expect([after?.scope === before.scope, after?.log.rowCount, after?.opened]).toEqual([false, 0, 1]);
    logCache.close(7);
    expect([logCache.drop(7), logCache.get(7), logCache.drop(7)]).toEqual([null, null, null]);
  });

  it('the last few logs are kept, and open ones never evicted', () => {
    const logCache = new LogCache({ ...coreLimits, logsMax: 2 });
    logCache.open(1, 0);
    for (const conversation of [2, 3, 4]) {
      logCache.open(conversation, 0);
      logCache.close(conversation);
    }
    logCache.open(5, 0);
    expect(logCache.conversations()).toEqual([1, 5]);
  });

  it('a closed log is trimmed', () => {
    const logCache = new LogCache({ ...coreLimits, closedRowsMax: 4 });
    logCache.open(7, 0).log.applyPage(pageOf(1, 9, head));
    logCache.close(7);
    expect(logCache.get(7)?.log.held).toEqual([[6, 9]]);
  });
});
