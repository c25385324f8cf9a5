import { describe, expect, it } from 'vitest';
import { type ControlRecord, encodeRecord, parseRecord, readRecord } from './record.js';

const counts = { ack: 1, received: 2, seen: 3, sent: 4, sum: 5 };
const window = { messages: 256, bytes: 1_048_576 };
const limits = {
  messageBytesMax: 65_536,
  batchMessagesMax: 256,
  batchBytesMax: 262_144,
  up: window,
  down: window,
  heartbeatMs: 15_000,
  heartbeatHiddenMs: 45_000,
};

const every: readonly (readonly [ControlRecord, string])[] = [
  [
    { t: 'open', nonce: 'x', token: 'y', first: 1, count: 0 },
    '{"t":"open","nonce":"x","token":"y","first":1,"count":0}',
  ],
  [
    { t: 'attach', id: 'a', n: 1, instance: 9, ...counts },
    '{"t":"attach","id":"a","n":1,"instance":9,"ack":1,"received":2,"seen":3,"sent":4,"sum":5}',
  ],
  [
    { t: 'attached', first: 3, ...counts, n: 1, instance: 9 },
    '{"t":"attached","first":3,"ack":1,"received":2,"seen":3,"sent":4,"sum":5,"n":1,"instance":9}',
  ],
  [{ t: 'from', first: 3 }, '{"t":"from","first":3}'],
  [
    { t: 'body', id: 'a', n: 6, instance: 9, first: 1, count: 2, ...counts, last: 7 },
    '{"t":"body","id":"a","n":6,"instance":9,"first":1,"count":2,"ack":1,"received":2,"seen":3,"sent":4,"sum":5,"last":7}',
  ],
  [
    { t: 'answer', ...counts, n: 6, instance: 9 },
    '{"t":"answer","ack":1,"received":2,"seen":3,"sent":4,"sum":5,"n":6,"instance":9}',
  ],
  [{ t: 'ping', at: 8, ...counts }, '{"t":"ping","at":8,"ack":1,"received":2,"seen":3,"sent":4,"sum":5}'],
  [{ t: 'probe', pad: '..' }, '{"t":"probe","pad":".."}'],
  [{ t: 'hidden', hidden: true }, '{"t":"hidden","hidden":true}'],
  [{ t: 'fail', id: 'a', code: 'lost', ack: 0 }, '{"t":"fail","id":"a","code":"lost","ack":0}'],
  [{ t: 'superseded', n: 2, same: false, instance: 9 }, '{"t":"superseded","n":2,"same":false,"instance":9}'],
  [{ t: 'closed', clean: true, code: 'closed', ack: 3 }, '{"t":"closed","clean":true,"code":"closed","ack":3}'],
  [{ t: 'refused', code: 'unknown' }, '{"t":"refused","code":"unknown"}'],
  [{ t: 'reset', topic: 'news', no: 1 }, '{"t":"reset","topic":"news","no":1}'],
  [{ t: 'auth' }, '{"t":"auth"}'],
  [{ t: 'auth', token: 'y' }, '{"t":"auth","token":"y"}'],
  [{ t: 'rotate', id: 'b', instance: 9 }, '{"t":"rotate","id":"b","instance":9}'],
  [{ t: 'ticket', ticket: 'z' }, '{"t":"ticket","ticket":"z"}'],
];

describe('records', () => {
  it.each(every)('[SN-19.4] the record %o survives encoding and decoding', (record, text) => {
    expect(encodeRecord(record)).toBe(text);
    expect(parseRecord(text)).toEqual(record);
  });

  it('[SN-22.1] an opened record announces the limits', () => {
    const opened = { t: 'opened', id: 'a', nonce: 'b', received: 0, limits };
    expect(readRecord(opened)).toEqual(opened);
    expect(readRecord({ ...opened, limits: { ...limits, up: { messages: 0, bytes: 1 } } })).toBe('malformed');
    expect(readRecord({ ...opened, limits: null })).toBe('malformed');
  });

  it('[SN-19.2] records of unknown names are ignored, and unknown fields are kept unread', () => {
    expect(parseRecord('{"t":"later","x":1}')).toBe('ignored');
    expect(parseRecord('{"t":"toString"}')).toBe('ignored');
    expect(parseRecord('{"t":"from","first":1,"later":[]}')).toMatchObject({ t: 'from', first: 1 });
  });

  it.each(['-1', '1.5', '"1"', 'null', '9007199254740992', '1e300', 'true', '[]'])(
    '[SN-2.6] a count of %s is malformed',
    (value) => {
      expect(parseRecord(`{"t":"from","first":${value}}`)).toBe('malformed');
    },
  );

  it('[SN-2.6] counts go up to 2^53 - 1', () => {
    expect(parseRecord('{"t":"from","first":9007199254740991}')).toEqual({ t: 'from', first: 9_007_199_254_740_991 });
  });

  it.each(Object.keys(counts))('[SN-5.6] a counts block without %s is malformed', (name) => {
    const { [name as keyof typeof counts]: _, ...rest } = counts;
    expect(readRecord({ t: 'ack', ...rest })).toBe('malformed');
  });

  it.each(['', 'null', '1', '"t"', '[]', '{}', '{"t":1}', '{"t":"from"'])(
    '[SN-19.4] the text %s is a malformed record',
    (text) => {
      expect(parseRecord(text)).toBe('malformed');
    },
  );

  it('[SN-3] a text field that is empty or longer than 8192 units is malformed', () => {
    expect(readRecord({ t: 'probe', pad: '' })).toBe('malformed');
    expect(readRecord({ t: 'probe', pad: 'x'.repeat(8192) })).toMatchObject({ t: 'probe' });
    expect(readRecord({ t: 'probe', pad: 'x'.repeat(8193) })).toBe('malformed');
  });
});
