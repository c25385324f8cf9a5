import { describe, expect, it } from 'vitest';
import { earlyWindow, parseLimits, sessionLimits } from './limits.js';

describe('announced limits', () => {
  it('[SN-22] are read as they were written', () => {
    expect(parseLimits(JSON.parse(JSON.stringify(sessionLimits)))).toEqual(sessionLimits);
  });

  it.each(Object.keys(sessionLimits))('[SN-22] are refused without %s', (name) => {
    const { [name as keyof typeof sessionLimits]: _, ...rest } = sessionLimits;
    expect(parseLimits(rest)).toBeUndefined();
  });

  it.each([0, -1, 1.5, '1', null])('[SN-22] are refused with %s for a number', (wrong) => {
    expect(parseLimits({ ...sessionLimits, heartbeatMs: wrong })).toBeUndefined();
    expect(parseLimits({ ...sessionLimits, down: { messages: wrong, bytes: 1 } })).toBeUndefined();
    expect(parseLimits({ ...sessionLimits, up: wrong })).toBeUndefined();
  });

  it('[SN-14] let an open bring its messages; [SN-22] let the largest message fit thrice', () => {
    for (const window of [sessionLimits.up, sessionLimits.down]) {
      expect(window.messages).toBeGreaterThanOrEqual(earlyWindow.messages);
      expect(window.bytes * 3).toBeGreaterThanOrEqual(sessionLimits.messageBytesMax * 4);
    }
  });
});
