import type { ConversationId, Message } from '@everywire/chat';
import { BLOCK_MESSAGES } from '@everywire/chat/internal';
import type { Database, Queries } from '../database/database.js';
import { type ConversationRow, DELETED } from '../log/conversation-row.js';
import { FINDINGS_MAX, Findings } from './findings.js';
import { type CheckedMessage, LogCheck } from './log-check.js';
import { type CheckedMember, MembersCheck } from './members-check.js';
import { unreadableOf } from './unreadable.js';

/** The end of the last range. */
export const LAST_ID: number = Number.MAX_SAFE_INTEGER;

/** Conversations by id, above `after` and up to the last of `size`. */
interface Range {
  readonly after: number;
  readonly size: number;
}

/** The result of a check of one range. */
export interface CheckedRange {
  /** The last id of the range; `LAST_ID` if no conversations follow, `null` if it could not be read. */
  readonly until: number | null;
  readonly lines: readonly string[];
  /** PostgreSQL's message if a part of the range cannot be read; then the lines are incomplete. */
  readonly unreadable: string | null;
}

/** Rows fetched at once. */
const ROWS_AT_ONCE = 1_000;

const CONVERSATIONS = 'SELECT * FROM conversation WHERE id > $1::int8 ORDER BY id LIMIT $2::int8';

/** $1 and $2 the range, here and below. */
const MESSAGES = `DECLARE messages NO SCROLL CURSOR FOR
  SELECT * FROM message WHERE conversation > $1::int8 AND conversation <= $2::int8 ORDER BY conversation, sequence`;

const MEMBERS = `DECLARE members NO SCROLL CURSOR FOR
  SELECT m.*, i.activity, i.large, i.is_open FROM member m LEFT JOIN inbox i ON i.conversation = m.conversation AND i.usr = m.usr
  WHERE m.conversation > $1::int8 AND m.conversation <= $2::int8 ORDER BY m.conversation, m.usr`;

/** Finds the files of messages that are not recorded in `file_use`. */
const UNRECORDED = `SELECT format('message %s of conversation %s has a file that is not recorded as used, so it may be deleted', u.sequence, u.conversation) AS line
  FROM unnest($1::bytea[], $2::int8[], $3::int8[]) AS u(file, conversation, sequence)
  WHERE NOT EXISTS (SELECT FROM file_use f WHERE f.file = u.file AND f.conversation = u.conversation AND f.sequence = u.sequence)`;

/**
 * Finds rows that lack the row which they belong to. A list fails on a row of `inbox` without a member. A filter of a
 * block that is not full would hide the messages to come from searches. A picture that is not recorded as used is
 * deleted, and a file that is recorded as used must be there to be downloaded.
 */
const STRAYS: readonly string[] = [
  `SELECT format('user %s of conversation %s has a row in inbox, but none in member', i.usr, i.conversation) AS line FROM inbox i
   WHERE i.conversation > $1::int8 AND i.conversation <= $2::int8
     AND NOT EXISTS (SELECT FROM member m WHERE m.conversation = i.conversation AND m.usr = i.usr)`,
  `SELECT format('conversation %s has a search filter for messages that do not exist (block %s)', s.conversation, s.block) AS line
   FROM search_block s LEFT JOIN conversation c ON c.id = s.conversation
   WHERE s.conversation > $1::int8 AND s.conversation <= $2::int8 AND (s.block + 1) * ${BLOCK_MESSAGES} > coalesce(c.sequence, 0)`,
  `SELECT format('the picture of conversation %s is not recorded as used, so it may be deleted', c.id) AS line FROM conversation c
   WHERE c.id > $1::int8 AND c.id <= $2::int8 AND c.flags & ${DELETED} = 0 AND c.picture IS NOT NULL
     AND NOT EXISTS (SELECT FROM file_use f WHERE f.file = c.picture AND f.conversation = c.id AND f.sequence = 0)`,
  `SELECT format('file %s is recorded as used by message %s of conversation %s, which does not exist', encode(f.file, 'hex'), f.sequence, f.conversation) AS line
   FROM file_use f WHERE f.conversation > $1::int8 AND f.conversation <= $2::int8 AND f.sequence > 0
     AND NOT EXISTS (SELECT FROM message m WHERE m.conversation = f.conversation AND m.sequence = f.sequence)`,
  `SELECT format('conversation %s uses file %s, which has no record', f.conversation, encode(f.file, 'hex')) AS line
   FROM file_use f WHERE f.conversation > $1::int8 AND f.conversation <= $2::int8 AND NOT EXISTS (SELECT FROM file r WHERE r.id = f.file)`,
];

/**
 * Checks a range of conversations in one snapshot, so that commands that commit meanwhile cause no false report.
 *
 * @throws StoreError unless PostgreSQL reports that it cannot read a part of the data
 */
export async function checkRange(database: Database, { after, size }: Range): Promise<CheckedRange> {
  let until: number | null = null;
  const findings = new Findings();
  try {
    await database.snapshot(async (at) => {
      const rows = await at.query<ConversationRow>(CONVERSATIONS, [after, size]);
      until = rows.length < size ? LAST_ID : (rows.at(-1)?.id ?? LAST_ID);
      const bounds: Bounds = [after, until];
      const logs = new Map(rows.map((row) => [row.id, new LogCheck(row, findings)]));
      await checkLogs(at, logs, { bounds, findings });
      await checkMembers(at, logs, { bounds, findings });
      for (const text of STRAYS) findings.add(...(await linesOf(at, text, bounds)));
    });
    return { until, lines: findings.lines, unreadable: null };
  } catch (error) {
    return { until, lines: [], unreadable: unreadableOf(error) };
  }
}

type Bounds = readonly [after: number, until: number];

interface Checking {
  readonly bounds: Bounds;
  readonly findings: Findings;
}

type Logs = ReadonlyMap<ConversationId, LogCheck>;

async function checkLogs(at: Queries, logs: Logs, { bounds, findings }: Checking): Promise<void> {
  const ownerless = new Set<ConversationId>();
  await at.query(MESSAGES, bounds);
  for (;;) {
    const rows = await at.query<CheckedMessage>(`FETCH ${ROWS_AT_ONCE} FROM messages`);
    if (rows.length === 0) break;
    const messages: Message[] = [];
    for (const row of rows) {
      const log = logs.get(row.conversation);
      if (log === undefined) ownerless.add(row.conversation);
      const message = log?.addMessage(row) ?? null;
      if (message !== null && !log?.isDeleted) messages.push(message);
    }
    const uses = messages.flatMap((message) => filesOf(message).map((file) => ({ file, message })));
    const places = [uses.map(({ message }) => message.conversation), uses.map(({ message }) => message.sequence)];
    findings.add(...(await linesOf(at, UNRECORDED, [uses.map(({ file }) => Buffer.from(file, 'hex')), ...places])));
  }
  for (const log of logs.values()) log.end();
  for (const id of ownerless) findings.add(`conversation ${id} has messages, but no row in conversation`);
}

async function checkMembers(at: Queries, logs: Logs, { bounds, findings }: Checking): Promise<void> {
  const ownerless = new Set<ConversationId>();
  const checks = new Map([...logs].map(([id, log]) => [id, new MembersCheck(log, findings)]));
  await at.query(MEMBERS, bounds);
  for (;;) {
    const rows = await at.query<CheckedMember>(`FETCH ${ROWS_AT_ONCE} FROM members`);
    if (rows.length === 0) break;
    for (const row of rows) {
      const check = checks.get(row.conversation);
      if (check === undefined) ownerless.add(row.conversation);
      check?.addMember(row);
    }
  }
  for (const check of checks.values()) check.end();
  for (const id of ownerless) findings.add(`conversation ${id} has members, but no row in conversation`);
}

function filesOf({ body }: Message): readonly string[] {
  return body.kind === 'text' ? (body.files ?? []).map(({ id }) => id) : [];
}

async function linesOf(at: Queries, text: string, values: readonly unknown[]): Promise<readonly string[]> {
  const rows = await at.query<{ line: string }>(`${text} LIMIT ${FINDINGS_MAX}`, values);
  return rows.map(({ line }) => line);
}
