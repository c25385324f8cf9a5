import { describe, expect, it } from 'vitest';
import { earlyWindow, sessionLimits } from './limits.js';
import { readRecord } from './record.js';

const opened = (limits: unknown): unknown => ({ t: 'opened', id: 'a', nonce: 'b', received: 0, limits });

describe('announced limits', () => {
  it('[SN-22.1] announced limits survive encoding and decoding', () => {
    const record = opened(sessionLimits);
    expect(readRecord(JSON.parse(JSON.stringify(record)))).toEqual(record);
  });

  it.each(Object.keys(sessionLimits))('[SN-22.1] announced limits without %s are refused', (name) => {
    const { [name as keyof typeof sessionLimits]: _, ...rest } = sessionLimits;
    expect(readRecord(opened(rest))).toBe('malformed');
  });

  it.each([0, -1, 1.5, '1', null])('[SN-22.1] announced limits with %s for a number are refused', (wrong) => {
    expect(readRecord(opened({ ...sessionLimits, heartbeatMs: wrong }))).toBe('malformed');
    expect(readRecord(opened({ ...sessionLimits, down: { messages: wrong, bytes: 1 } }))).toBe('malformed');
    expect(readRecord(opened({ ...sessionLimits, up: wrong }))).toBe('malformed');
  });

  it('[SN-14.4] default windows hold the early messages of an open; [SN-22.1] and have room for the largest message', () => {
    for (const window of [sessionLimits.up, sessionLimits.down]) {
      expect(window.messages).toBeGreaterThanOrEqual(earlyWindow.messages);
      expect(window.bytes * 3).toBeGreaterThanOrEqual(sessionLimits.messageBytesMax * 4);
    }
  });
});
