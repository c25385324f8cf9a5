import { describe, expect, it } from 'vitest';
import type { AttachedRecord, ControlRecord } from '../record.js';
import { isSameButEcho, pollRecordJson } from './poll-record.js';
import { literalInside } from './string-literal.js';

// Tests `pollRecordJson`, a fast writer for the record at the start of a poll's answer. Its second argument is the
// quotation mark, which is escaped inside a string literal of a script.

const counts = { ack: 0, received: 17, seen: 3, sent: 2 ** 53 - 1, sum: 4_294_967_295 };
const records: ControlRecord[] = [
  { t: 'attached', first: 1, ...counts, n: 3, instance: 4_294_967_295 },
  { t: 'attached', first: 1, ...counts, last: 9, want: 4, n: 1, instance: 0 },
  { t: 'ticket', ticket: 'KxtAc58Wka0pgUmY3JjCUQ-_' },
];

describe('the record of a poll', () => {
  it.each(records)('[EN-1] the record $t of a poll is encoded as JSON.stringify encodes it', (record) => {
    expect(pollRecordJson(record, '"')).toBe(JSON.stringify(record));
    expect(pollRecordJson(record, '\\"')).toBe(literalInside(JSON.stringify(record)));
  });

  it('the record of a poll omits undefined fields', () => {
    const record = { ...(records[0] as ControlRecord), last: undefined } as unknown as ControlRecord;
    expect(pollRecordJson(record, '"')).toBe(JSON.stringify(record));
  });

  it.each([
    { t: 'answer', ...counts, n: 1, instance: 2 },
    { t: 'attached', first: 1.5, ...counts, n: 1, instance: 2 },
    { t: 'attached', first: 'x"', ...counts } as unknown as ControlRecord,
    { t: 'ticket', ticket: '"' },
  ] as ControlRecord[])('pollRecordJson leaves %j to the general writer', (record) =>
    expect(pollRecordJson(record, '"')).toBeNull(),
  );

  it('isSameButEcho compares all fields except those that repeat the client', () => {
    const record: AttachedRecord = { t: 'attached', first: 1, ...counts, n: 1, instance: 2 };
    const all = { ...record, last: 9, lastSum: 8, want: 7 };
    expect(isSameButEcho(all, { ...all })).toBe(true);
    expect(isSameButEcho(record, { ...record, last: undefined } as unknown as AttachedRecord)).toBe(true);
    expect([isSameButEcho(record, all), isSameButEcho(all, record)]).toEqual([false, false]);
    for (const name of Object.keys(all))
      expect(isSameButEcho(all, { ...all, [name]: 1_000 })).toBe(name === 'n' || name === 'instance');
  });
});
