import { describe, expect, it } from 'vitest';
import { jsonBytes, takeFitting } from './answer-bytes.js';

describe('the size of an answer', () => {
  it('jsonBytes counts UTF-8 bytes, including escapes and lone surrogates', () => {
    for (const text of ['plain', 'é界😀', '"\\\n\u0001\u007f', '\ud83d', '\ude00a', '\u07ff\u0800\uffff', ''])
      expect(jsonBytes({ text })).toBe(Buffer.byteLength(JSON.stringify({ text })));
  });

  it('takeFitting takes rows until one does not fit, and reads none after it', () => {
    const read: number[] = [];
    const rows = function* (): Iterable<{ readonly at: number }> {
      for (let at = 0; at < 9; at += 1) {
        read.push(at);
        yield { at };
      }
    };
    expect(takeFitting(rows(), 20)).toEqual([{ at: 0 }, { at: 1 }]);
    expect(read).toEqual([0, 1, 2]);
    expect(takeFitting(rows(), 1)).toEqual([{ at: 0 }]);
    expect(takeFitting(rows())).toHaveLength(9);
  });
});
