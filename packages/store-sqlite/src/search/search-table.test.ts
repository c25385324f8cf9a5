import type { Message } from '@everywire/chat';
import { BLOCK_MESSAGES } from '@everywire/chat/internal';
import { expect, it } from 'vitest';
import { openDatabase } from '../database/open-database.js';
import { SEARCH_SCHEMA } from './schema-search.js';
import { createSearchTable } from './search-table.js';

function message(sequence: number, text: string): Message {
  return {
    conversation: 7,
    sequence,
    id: '0'.repeat(16),
    sender: 1,
    commandId: '0'.repeat(32),
    sentAt: 1,
    body: { kind: 'text', text },
    modification: 0,
    ordinal: 1,
    senderOrdinal: 1,
  };
}

it('a filter of a text that changed after it was read is not written', () => {
  const database = openDatabase(':memory:');
  database.exec(SEARCH_SCHEMA);
  const table = createSearchTable(database, () => undefined);
  const dueIds = (): readonly number[] => database.prepare<[], number>('SELECT id FROM search_due').pluck().all();
  const blocks = (): readonly number[] => database.prepare<[], number>('SELECT block FROM search_block').pluck().all();

  table.append([message(BLOCK_MESSAGES - 1, 'a'), message(BLOCK_MESSAGES, 'b'), message(BLOCK_MESSAGES + 1, 'c')]);
  const [read = 0] = dueIds();
  table.touch(message(5, 'old'), message(5, 'new'), BLOCK_MESSAGES + 1);
  const built = { conversation: 7, block: 0, firstAt: 1, bits: new Uint8Array(8) };
  table.write([{ ...built, due: read }]);
  expect(blocks()).toEqual([]);
  expect(table.hasDue()).toBe(true);

  table.write([{ ...built, due: dueIds()[0] ?? 0 }]);
  expect(blocks()).toEqual([0]);
  table.touch(message(5, 'new'), message(5, 'new'), BLOCK_MESSAGES + 1);
  table.touch(message(BLOCK_MESSAGES + 1, 'c'), message(BLOCK_MESSAGES + 1, 'd'), BLOCK_MESSAGES + 1);
  expect(dueIds()).toEqual([]);
  expect(blocks()).toEqual([0]);
  database.close();
});
