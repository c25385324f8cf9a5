import { describe, expect, it } from 'vitest';
import type { AttachedRecord, ControlRecord } from '../record.js';
import { isSameRecord, pollRecordJson } from './poll-record.js';
import { literalInside } from './string-literal.js';

const counts = { ack: 0, received: 17, seen: 3, sent: 2 ** 53 - 1, sum: 4_294_967_295 };
const records: ControlRecord[] = [
  { t: 'attached', first: 1, ...counts },
  { t: 'attached', first: 1, ...counts, last: 9, want: 4 },
  { t: 'ticket', ticket: 'KxtAc58Wka0pgUmY3JjCUQ-_' },
];

describe('the record of a poll', () => {
  it.each(records)('[EN-1] is what JSON.stringify makes of $t', (record) => {
    expect(pollRecordJson(record, '"')).toBe(JSON.stringify(record));
    expect(pollRecordJson(record, '\\"')).toBe(literalInside(JSON.stringify(record)));
  });

  it('leaves out what is not said', () => {
    const record = { ...(records[0] as ControlRecord), last: undefined } as unknown as ControlRecord;
    expect(pollRecordJson(record, '"')).toBe(JSON.stringify(record));
  });

  it.each([
    { t: 'answer', ...counts },
    { t: 'attached', first: 1.5, ...counts },
    { t: 'attached', first: 'x"', ...counts } as unknown as ControlRecord,
    { t: 'ticket', ticket: '"' },
  ] as ControlRecord[])('leaves %j to the general writer', (record) => expect(pollRecordJson(record, '"')).toBeNull());

  it('is the same as another where every field is', () => {
    const record: AttachedRecord = { t: 'attached', first: 1, ...counts };
    const all = { ...record, last: 9, lastSum: 8, want: 7 };
    expect(isSameRecord(all, { ...all })).toBe(true);
    expect(isSameRecord(record, { ...record, last: undefined } as unknown as AttachedRecord)).toBe(true);
    expect([isSameRecord(record, all), isSameRecord(all, record)]).toEqual([false, false]);
    for (const name of Object.keys(all)) expect(isSameRecord(all, { ...all, [name]: 1_000 })).toBe(false);
  });
});
