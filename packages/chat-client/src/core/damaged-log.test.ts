import { describe, expect, it } from 'vitest';
import { ConversationLog } from './conversation-log.js';
import { pageOf } from './test-wire.js';

/** Returns a log that holds 71 to 100 at (100, 14). */
function opened(): ConversationLog {
  const log = new ConversationLog(7, 30);
  log.applyPage(pageOf(71, 100, { sequence: 100, modification: 14 }));
  return log;
}

describe('ConversationLog', () => {
  it('[CH-37.4] damaged sequences count as held without a row and are not requested again', () => {
    const log = new ConversationLog(7, 30);
    const head = { sequence: 100, modification: 14 };
    log.applyPage({ ...pageOf(71, 100, head), damaged: [[66, 70]] });
    expect([log.damaged, log.held, log.rowCount]).toEqual([[[66, 70]], [[66, 100]], 30]);
    expect([log.gaps, log.missing(), log.seek(68), log.find(68)]).toEqual([[], [], [], null]);
    expect(log.older()).toMatchObject({ anchor: { at: 'before', sequence: 66 } });
    log.applyPage({ ...pageOf(36, 65, head), covers: null, rows: [], damaged: [[36, 65]] });
    expect([log.damaged, log.older()]).toMatchObject([[[36, 70]], { anchor: { at: 'before', sequence: 36 } }]);
    log.applyPage(pageOf(1, 35, head));
    expect([log.atStart, log.rowCount, log.missing()]).toEqual([true, 65, []]);
  });

  it('[CH-37.4] a row held before the damage is kept, and the others are requested again after a restart', () => {
    const log = opened();
    const head = { sequence: 100, modification: 14 };
    log.applyPage({ ...pageOf(41, 65, head), damaged: [[66, 80]] });
    expect([log.damaged, log.row(75)?.sequence]).toEqual([[[66, 70]], 75]);
    const stored = log.store();
    expect(stored?.held).toEqual([
      [41, 65],
      [71, 100],
    ]);
    const restored = stored === null ? null : ConversationLog.restore(stored, 30);
    expect([restored?.damaged, restored?.gaps]).toEqual([[], [66]]);
    restored?.applyPage(pageOf(60, 70, head));
    expect([restored?.held, restored?.rowCount]).toEqual([[[41, 100]], 60]);
  });

  it('[CH-37.4] damage is forgotten for trimmed rows and for those that a later page contains', () => {
    const log = opened();
    const head = { sequence: 100, modification: 14 };
    log.applyPage({ ...pageOf(41, 65, head), damaged: [[66, 70]] });
    log.applyPage(pageOf(66, 68, head));
    expect(log.damaged).toEqual([[69, 70]]);
    log.trim(10);
    expect([log.damaged, log.held]).toEqual([[], [[91, 100]]]);
  });

  it('[CH-37.5] a page refused for good is not requested again until another page arrives', () => {
    const log = opened();
    log.seek(20);
    log.refusePage({ at: 'around', sequence: 20 }, 'damaged');
    expect([log.refused, log.find(20), log.older(), log.missing()]).toEqual(['damaged', null, null, []]);
    log.applyPage(pageOf(65, 70, { sequence: 100, modification: 14 }));
    expect([log.refused, log.older()]).toMatchObject([null, { anchor: { at: 'before', sequence: 65 } }]);
  });
});
