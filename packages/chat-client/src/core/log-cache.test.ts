import { describe, expect, it } from 'vitest';
import { coreLimits } from './core-limits.js';
import { LogCache } from './log-cache.js';
import { pageOf } from './test-wire.js';

const head = { sequence: 9, modification: 0 };

describe('LogCache', () => {
  it('the read cursor at opening is kept as long as the conversation stays open', () => {
    const shelf = new LogCache(coreLimits);
    expect(shelf.open(7, 4).readAtOpening).toBe(4);
    expect(shelf.open(7, 9).readAtOpening).toBe(4);
    shelf.close(7);
    shelf.close(7);
    expect(shelf.open(7, 9).readAtOpening).toBe(9);
    shelf.open(8, null);
    shelf.noteRead(8, 3);
    shelf.noteRead(8, 5);
    expect([shelf.get(8)?.readAtOpening, shelf.openConversations()]).toEqual([3, [7, 8]]);
  });

  it('[CH-11.6] dropping a log gives an open conversation a new volume and removes a closed one', () => {
    const shelf = new LogCache(coreLimits);
    const before = shelf.open(7, 0);
    before.log.applyPage(pageOf(1, 9, head));
    const after = shelf.drop(7);
    expect([after?.scope === before.scope, after?.log.rowCount, after?.opened]).toEqual([false, 0, 1]);
    shelf.close(7);
    expect([shelf.drop(7), shelf.get(7), shelf.drop(7)]).toEqual([null, null, null]);
  });

  it('the last few logs are kept, and open ones never evicted', () => {
    const shelf = new LogCache({ ...coreLimits, logsMax: 2 });
    shelf.open(1, 0);
    for (const conversation of [2, 3, 4]) {
      shelf.open(conversation, 0);
      shelf.close(conversation);
    }
    shelf.open(5, 0);
    expect(shelf.conversations()).toEqual([1, 5]);
  });

  it('a closed log is trimmed', () => {
    const shelf = new LogCache({ ...coreLimits, closedRowsMax: 4 });
    shelf.open(7, 0).log.applyPage(pageOf(1, 9, head));
    shelf.close(7);
    expect(shelf.get(7)?.log.held).toEqual([[6, 9]]);
  });
});
