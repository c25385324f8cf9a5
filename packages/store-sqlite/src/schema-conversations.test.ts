import { expect, it } from 'vitest';
import { openDatabase } from './database/open-database.js';
import { MIGRATIONS } from './schema.js';
import { CONVERSATIONS_STEP } from './schema-conversations.js';

it('[CH-27.5] a group without an owner is given to its longest member', () => {
  const database = openDatabase(':memory:');
  MIGRATIONS[0]?.apply(database);
  const conversation = database.prepare<[number, number]>(
    `INSERT INTO conversation (id, kind, sequence, modification, count, members_at, member_count, name, activity, large, stamp)
     VALUES (?, ?, 9, 0, 0, 9, 2, '', 0, 0, 1)`,
  );
  const member = database.prepare<[number, number, number, number | null]>(
    `INSERT INTO member (conversation, user, role, sent, read, read_at, read_ordinal, read_sent, shown, delivered, cleared, mark,
       has_draft, draft_revision, revision, activity, large, periods, open_from, stamp)
     VALUES (?, ?, ?, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '[]', ?, 1)`,
  );
  const [direct, group, orphaned] = [0, 1, 1].map((kind, index) => {
    conversation.run(index + 1, kind);
    return index + 1;
  });
  for (const user of [1, 2]) member.run(direct ?? 0, user, 1, 1);
  member.run(group ?? 0, 1, 0, 1);
  member.run(group ?? 0, 2, 1, 1);
  member.run(orphaned ?? 0, 1, 0, null);
  member.run(orphaned ?? 0, 2, 1, 5);
  member.run(orphaned ?? 0, 3, 1, 2);
  member.run(orphaned ?? 0, 4, 1, 2);
  database.exec(CONVERSATIONS_STEP);
  const owners = database
    .prepare('SELECT conversation, user FROM member WHERE role = 0 AND open_from IS NOT NULL ORDER BY conversation')
    .all();
  expect(owners).toEqual([
    { conversation: group, user: 1 },
    { conversation: orphaned, user: 3 },
  ]);
  database.close();
});
