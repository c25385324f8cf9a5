import { describe, expect, it } from 'vitest';
import type { ControlRecord } from '../record.js';
import { Tape } from './tape.js';
import { Aliases, recordWithoutContents } from './without-contents.js';

const shown = (record: object): object => recordWithoutContents(record as ControlRecord, new Aliases(new Tape()), true);

describe('what a recording keeps of a record', () => {
  it('is a code of this project, and of any other only which are the same', () => {
    expect(shown({ t: 'fail', code: 'hostile' })).toEqual({ t: 'fail', code: 'hostile' });
    expect(shown({ t: 'fail', code: 'ann_was_fired' })).toEqual({ t: 'fail', code: '#1' });
    expect(shown({ t: 'attach', tried: 'my password;' })).toEqual({ t: 'attach', tried: '#1' });
  });

  it('is the length of a part, however long it is', () => {
    const part = `${'QUJD'.repeat(100_000)}QQ==`;
    expect(shown({ t: 'body', part })).toEqual({ t: 'body', part: [400_004, 2] });
  });

  it('is nothing that it does not know', () => {
    expect(shown({ t: 'ack', ack: 1, messages: ['a secret'], note: 'a secret' })).toEqual({ t: 'ack', ack: 1 });
  });
});
