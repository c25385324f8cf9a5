import {
  type Conversation,
  type ConversationId,
  type DirectKey,
  type GroupSettings,
  groupSettings,
} from '@everywire/chat';
import { createConversationTable } from '../conversation-table.js';
import type { Database } from '../database/database.js';
import { inTransaction } from '../database/transaction.js';
import { ROLES } from '../member-row.js';
import { HIGHEST_ID } from './possible-rows.js';

/** The remaining log, members and files of a conversation. */
interface Traces {
  readonly sequence: number;
  readonly modification: number;
  readonly count: number;
  readonly activity: number;
  readonly pins: number;
  readonly people: number;
  readonly smallest: number;
  readonly largest: number;
  readonly open: number;
  readonly owners: number;
  readonly readers: number;
  readonly large: number;
  readonly messages: number;
  readonly own: number;
  readonly picture: Buffer | null;
}

const TRACES = `
WITH given (id) AS (VALUES (?))
SELECT max(l.sequence, m.reached) AS sequence, l.modification, l.count, l.activity, l.pins, l.messages,
  m.people, m.smallest, m.largest, m.open, m.owners, m.readers, m.large,
  (SELECT count(*) FROM own_message WHERE conversation = (SELECT id FROM given)) AS own,
  (SELECT file FROM file_use WHERE conversation = (SELECT id FROM given) AND sequence = 0) AS picture
FROM (
  SELECT ifnull(max(sequence), 0) AS sequence, ifnull(max(modification), 0) AS modification, ifnull(max(ordinal), 0) AS count,
    ifnull(max(sent_at), 0) AS activity, count(pinned) AS pins, count(*) AS messages
  FROM message WHERE conversation = (SELECT id FROM given)
) AS l, (
  SELECT ifnull(max(max(read, shown, delivered, cleared, ifnull(open_from, 0))), 0) AS reached, count(*) AS people,
    ifnull(min(user), 0) AS smallest, ifnull(max(user), 0) AS largest, count(open_from) AS open,
    count(*) FILTER (WHERE role = ${ROLES.indexOf('owner')}) AS owners,
    count(*) FILTER (WHERE role = ${ROLES.indexOf('reader')}) AS readers, ifnull(max(large), 0) AS large
  FROM member WHERE conversation = (SELECT id FROM given)
) AS m`;

/**
 * Recreates every missing conversation that other rows refer to, in a copy that no other connection has open. Otherwise
 * a new conversation could get the same id, and these rows would belong to it. Keeps the members, messages, kind and
 * picture; takes the name and the settings from the last messages that changed them. A conversation without messages is
 * recreated as deleted, so that its id is not reused.
 *
 * Returns the ids of the recreated conversations.
 */
export function remakeLostConversations(database: Database): readonly ConversationId[] {
  const table = createConversationTable(database);
  const traces = database.prepare<[number], Traces>(TRACES);
  const stamp = database.prepare<[], number>('SELECT stamp FROM store').pluck();
  const lastChange = database
    .prepare<[number, string], string>(
      `SELECT body FROM message WHERE conversation = ? AND kind = 1
         AND CASE WHEN json_valid(body) THEN json_extract(body, '$.change') END = ? ORDER BY sequence DESC LIMIT 1`,
    )
    .pluck();
  return inTransaction(database, () => {
    const lost = namedConversations(database).filter((id) => table.get(id) === null);
    for (const id of lost) {
      const found = traces.get(id);
      if (found === undefined) continue;
      const said = (change: string): Said => JSON.parse(lastChange.get(id, change) ?? '{}');
      const kept = remake(id, found, said);
      const taken = kept.directKey !== null && table.getDirect(kept.directKey) !== null;
      table.insert(taken ? { ...kept, kind: 'group', directKey: null } : kept, stamp.get() ?? 0);
    }
    return lost;
  });
}

/** Fields of a service message. */
interface Said {
  readonly change?: string;
  readonly name?: string;
  readonly settings?: Partial<GroupSettings>;
}

function remake(id: ConversationId, found: Traces, said: (change: string) => Said): Conversation {
  const { sequence, modification, count, activity, pins, large, open: memberCount, picture } = found;
  const kind = kindOf(found);
  const isOfMany = kind === 'group' || kind === 'channel';
  const directKey: DirectKey | null = isOfMany ? null : [found.smallest, found.largest];
  const name = isOfMany ? (said('renamed').name ?? `#${id}`) : '';
  const settings = { ...groupSettings, ...(kind === 'channel' && ofChannel), ...said('settings').settings };
  return {
    id,
    kind,
    directKey,
    name,
    settings,
    sequence,
    modification,
    count,
    activity,
    pins,
    memberCount,
    membersAt: sequence,
    large: large === 1,
    pinsAt: pins > 0 ? modification : 0,
    picture: picture?.toString('hex') ?? null,
    deleted: found.messages === 0 || said('deleted').change !== undefined,
  };
}

const ofChannel: Partial<GroupSettings> = { add: 'admins', rename: 'admins' };

/** Derives the kind. Only groups and channels have owners and rows in `own_message`; only channels have readers. */
function kindOf({ owners, readers, own, people, smallest, largest }: Traces): Conversation['kind'] {
  if (readers > 0) return 'channel';
  if (owners > 0 || own > 0 || people === 0 || people > 2) return 'group';
  return smallest === largest ? 'notes' : 'direct';
}

function namedConversations(database: Database): readonly ConversationId[] {
  const tables = database
    .prepare<[], string>(
      `SELECT t.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c
       WHERE t.type = 'table' AND c.name = 'conversation' ORDER BY t.name`,
    )
    .pluck()
    .all();
  const ids = tables.map((table) => `SELECT conversation FROM ${table} WHERE conversation BETWEEN 1 AND ${HIGHEST_ID}`);
  return database
    .prepare<[], number>(`SELECT conversation FROM (${ids.join(' UNION ')}) ORDER BY conversation`)
    .pluck()
    .all();
}
