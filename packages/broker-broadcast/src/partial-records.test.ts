import { expect, test } from 'vitest';
import { PartialRecords } from './partial-records.js';

const MIB = 1 << 20;

/** Creates partial records that count their losses. */
function create(): { records: PartialRecords; lost: () => number } {
  let lost = 0;
  const records = new PartialRecords(() => {
    lost += 1;
  });
  return { records, lost: () => lost };
}

test('parts of all senders take at most 32 MiB, and the record that began last is still completed', () => {
  const { records, lost } = create();
  const part = Buffer.alloc(MIB);
  for (let sender = 0; sender < 100; sender += 1) records.add(`sender ${sender}`, 'firstPart', part);
  expect(lost()).toBeGreaterThanOrEqual(100 - 32);
  expect(records.add('sender 99', 'lastPart', Buffer.from('end'))).toHaveLength(MIB + 3);
  expect(records.add('sender 0', 'lastPart', Buffer.from('end'))).toBeNull();
});

test('completed and dropped records no longer count', () => {
  const { records, lost } = create();
  for (let round = 0; round < 100; round += 1) {
    records.add('ann', 'firstPart', Buffer.alloc(MIB));
    records.add('ann', 'lastPart', Buffer.alloc(MIB));
    records.add('bob', 'firstPart', Buffer.alloc(MIB));
    records.drop('bob');
    records.add('cy', 'firstPart', Buffer.alloc(MIB));
  }
  expect(lost()).toBe(0);
});

test('an empty part ends its record, and short parts count with what they cost', () => {
  const { records, lost } = create();
  records.add('ann', 'firstPart', Buffer.from('one'));
  expect(records.add('ann', 'part', Buffer.alloc(0))).toBeNull();
  expect([lost(), records.add('ann', 'lastPart', Buffer.from('two'))]).toEqual([1, null]);
  records.add('ann', 'firstPart', Buffer.from('1'));
  for (let parts = 0; parts < 100_000; parts += 1) records.add('ann', 'part', Buffer.from('1'));
  expect(lost()).toBe(2);
});

test('a record longer than any publication is dropped', () => {
  const { records, lost } = create();
  records.add('ann', 'firstPart', Buffer.alloc(16 * MIB));
  expect([records.add('ann', 'lastPart', Buffer.alloc(1)), lost()]).toEqual([null, 1]);
});
