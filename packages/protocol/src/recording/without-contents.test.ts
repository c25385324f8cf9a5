import { describe, expect, it } from 'vitest';
import type { ControlRecord } from '../record.js';
import { RecordingBuffer } from './recording-buffer.js';
import { Aliases, recordWithoutContents } from './without-contents.js';

const shown = (record: object): object =>
  recordWithoutContents(record as ControlRecord, new Aliases(new RecordingBuffer()), true);

describe('a record in a recording', () => {
  it('a recording keeps codes of this project and replaces all others by aliases', () => {
    expect(shown({ t: 'fail', code: 'hostile' })).toEqual({ t: 'fail', code: 'hostile' });
    expect(shown({ t: 'fail', code: 'ann_was_fired' })).toEqual({ t: 'fail', code: '#1' });
    expect(shown({ t: 'attach', tried: 'my password;' })).toEqual({ t: 'attach', tried: '#1' });
  });

  it('a recording keeps only the length of a part, however long it is', () => {
    const part = `${'QUJD'.repeat(100_000)}QQ==`;
    expect(shown({ t: 'body', part })).toEqual({ t: 'body', part: [400_004, 2] });
  });

  it('a recording drops unknown fields', () => {
    expect(shown({ t: 'ack', ack: 1, messages: ['a secret'], note: 'a secret' })).toEqual({ t: 'ack', ack: 1 });
  });

  it('a recording drops known fields whose type is wrong and may hold text', () => {
    const texts = {
      at: 'a secret',
      version: ['a secret'],
      instance: { of: 'a secret' },
      limits: 'a secret',
      sum: 'a secret',
    };
    expect(shown({ t: 'ack', ack: 1, ...texts })).toEqual({ t: 'ack', ack: 1 });
    expect(shown({ t: 'ack', ack: 1, limits: null, lastSum: 'a secret', clean: true })).toEqual({
      t: 'ack',
      ack: 1,
      clean: true,
    });
  });
});

describe('aliases of words in a recording', () => {
  it('an alias is charged by bytes, two for each unit of a word that is not Latin-1', () => {
    const charged: number[] = [];
    class CountingRecordingBuffer extends RecordingBuffer {
      override charge(bytes: number): boolean {
        charged.push(bytes);
        return super.charge(bytes);
      }
    }
    const aliases = new Aliases(new CountingRecordingBuffer());
    for (const word of ['abcd', 'caf\u00e9', '\u4f60\u597d\u4e16\u754c']) aliases.of(word);
    expect(charged.map((bytes) => bytes - charged[0]!)).toEqual([0, 0, 4]);
  });
});
